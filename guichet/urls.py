"""The counter, resource by resource. Each module of ``views`` owns the paths of its resource."""

from django.urls import path

from guichet.views import contacts, credit, orders, sale, tills

app_name = "guichet"

till_urls = [
    path("", tills.home, name="home"),
    path("caisses/", tills.choose, name="tills"),
    path("caisses/<int:till_id>/ouvrir/", tills.open_till, name="open_till"),
    path("caisses/<int:till_id>/prendre/", tills.take_till, name="take_till"),
    path("caisse/", tills.show, name="till"),
    path("caisse/fermer/", tills.close, name="close_till"),
    path("z/<int:session_id>/", tills.closing, name="closing"),
    path("z/<int:session_id>.pdf", tills.closing_pdf, name="closing_pdf"),
]

contact_urls = [
    path("contacts/", contacts.search, name="contacts"),
    path("contacts/nouveau/", contacts.create, name="new_contact"),
    path("contacts/<int:contact_id>/", contacts.show, name="contact"),
    path("contacts/<int:contact_id>/modifier/", contacts.edit, name="edit_contact"),
]

credit_urls = [
    path("contacts/<int:contact_id>/avoir/", credit.history, name="credit"),
    path("contacts/<int:contact_id>/avoir/alimenter/", credit.deposit, name="deposit"),
    path("contacts/<int:contact_id>/avoir/rembourser/", credit.payout, name="payout"),
    path("contacts/<int:contact_id>/avoir/releve.pdf", credit.statement_pdf, name="statement_pdf"),
    path("recus/<int:payment_id>.pdf", credit.receipt_pdf, name="receipt_pdf"),
    path("recus/<int:payment_id>/corriger/", credit.correct, name="correct"),
]

sale_urls = [
    path("vente/", sale.start, name="new_sale"),
    path("vente/<int:order_id>/", sale.show, name="sale"),
    path("vente/<int:order_id>/programme/", sale.programme, name="sale_programme"),
    path("vente/<int:order_id>/seance/<int:performance_id>/", sale.offer, name="sale_offer"),
    path("vente/<int:order_id>/quantite/", sale.quantity, name="sale_quantity"),
    path("vente/<int:order_id>/contact/", sale.purchaser, name="sale_purchaser"),
    path("vente/<int:order_id>/reglements/", sale.tenders, name="sale_tenders"),
    path("vente/<int:order_id>/encaisser/", sale.pay, name="sale_pay"),
    path("vente/<int:order_id>/garder/", sale.keep, name="sale_keep"),
    path("vente/<int:order_id>/reserver/", sale.reserve, name="sale_reserve"),
    path("vente/<int:order_id>/abandonner/", sale.abandon, name="sale_abandon"),
    path("vente/<int:order_id>/fin/<int:operation_id>/", sale.done, name="sale_done"),
]

order_urls = [
    path("commandes/", orders.search, name="orders"),
    path("commandes/<int:order_id>/", orders.show, name="order"),
    path("commandes/<int:order_id>/contact/", orders.purchaser, name="order_purchaser"),
    path("commandes/<int:order_id>/billets.pdf", orders.tickets_pdf, name="tickets_pdf"),
    path("commandes/<int:order_id>/rembourser/", orders.refund, name="refund"),
    path(
        "commandes/<int:order_id>/rembourse/<int:operation_id>/", orders.refunded, name="refunded"
    ),
    path("bons/", orders.vouchers, name="vouchers"),
    path("bons/nouveau/", orders.new_voucher, name="new_voucher"),
]

urlpatterns = [*till_urls, *contact_urls, *credit_urls, *sale_urls, *order_urls]
