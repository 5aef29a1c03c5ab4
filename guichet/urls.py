"""The counter, resource by resource. Each module of ``views`` owns the paths of its resource."""

from django.urls import path

from guichet.views import (
    cancellations,
    closing,
    contacts,
    credit,
    doors,
    duplicates,
    erasing,
    home,
    merging,
    orders,
    sale,
    search,
    sums,
    tills,
    vouchers,
)

app_name = "guichet"

till_urls = [
    path("", home.home, name="home"),
    path("recherche/", search.search, name="search"),
    path("caisses/", tills.choose, name="tills"),
    path("caisses/<int:till_id>/ouvrir/", tills.open_till, name="open_till"),
    path("caisses/<int:till_id>/prendre/", tills.take_till, name="take_till"),
    path("caisse/", tills.show, name="till"),
    path("caisse/x.pdf", tills.report_pdf, name="till_report_pdf"),
    path("caisse/especes/", tills.cash, name="move_cash"),
    path("caisse/fermer/", closing.close, name="close_till"),
    path("sessions/<int:session_id>/fermer/", closing.close_session, name="close_session"),
    path("z/<int:session_id>/", closing.closing, name="closing"),
    path("z/<int:session_id>.pdf", closing.closing_pdf, name="closing_pdf"),
]

contact_urls = [
    path("contacts/", contacts.search, name="contacts"),
    path("contacts/nouveau/", contacts.create, name="new_contact"),
    path("contacts/doublons/", duplicates.duplicates, name="duplicates"),
    path("contacts/<int:contact_id>/", contacts.show, name="contact"),
    path("contacts/<int:contact_id>/modifier/", contacts.edit, name="edit_contact"),
    path("contacts/<int:contact_id>/bons/", vouchers.of_contact, name="contact_vouchers"),
    path("contacts/<int:contact_id>/effacer/", erasing.erase, name="erase_contact"),
    path(
        "contacts/<int:contact_id>/fusionner/<int:other_id>/", merging.merge, name="merge_contacts"
    ),
    path("fusions/<int:merge_id>/annuler/", merging.undo, name="undo_merge"),
]

credit_urls = [
    path("contacts/<int:contact_id>/avoir/", credit.history, name="credit"),
    path("contacts/<int:contact_id>/avoir/alimenter/", credit.deposit, name="deposit"),
    path("contacts/<int:contact_id>/avoir/rembourser/", credit.payout, name="payout"),
    path("contacts/<int:contact_id>/avoir/releve.pdf", credit.statement_pdf, name="statement_pdf"),
    path("contacts/<int:contact_id>/avoir.csv", credit.history_csv, name="credit_csv"),
    path("contacts/<int:contact_id>/avoir.xlsx", credit.history_xlsx, name="credit_xlsx"),
    path("contacts/<int:contact_id>/avoir/corriger/", credit.by_hand, name="credit_by_hand"),
    path("mouvements/<int:movement_id>/annuler/", credit.take_back, name="reverse_movement"),
    path("reservations/<int:hold_id>/liberer/", credit.release, name="release_hold"),
    path("recus/<int:payment_id>.pdf", credit.receipt_pdf, name="receipt_pdf"),
    path("recus/<int:payment_id>/corriger/", credit.correct, name="correct"),
]

sale_urls = [
    path("vente/", sale.start, name="new_sale"),
    path("vente/<int:order_id>/", sale.show, name="sale"),
    path("vente/<int:order_id>/programme/", sale.programme, name="sale_programme"),
    path("vente/<int:order_id>/seance/<int:performance_id>/", sale.offer, name="sale_offer"),
    path("vente/<int:order_id>/quantite/", sale.quantity, name="sale_quantity"),
    path("vente/<int:order_id>/bons/", sale.vouchers, name="sale_vouchers"),
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
    path("commandes/<int:order_id>/annuler/", orders.cancel, name="cancel_order"),
    path("commandes/<int:order_id>/contact/", orders.purchaser, name="order_purchaser"),
    path("commandes/<int:order_id>/billets/", orders.print_tickets, name="print_tickets"),
    path("commandes/<int:order_id>/recu/", orders.print_receipt, name="print_receipt"),
    path("impressions/<int:operation_id>.pdf", orders.printout_pdf, name="printout_pdf"),
    path("reglements/<int:payment_id>/corriger/", orders.correct_payment, name="correct_payment"),
    path("commandes/<int:order_id>/rembourser/", orders.refund, name="refund"),
    path("commandes/<int:order_id>/choix/", orders.choose_refund, name="choose_refund"),
    path("commandes/<int:order_id>/echanger/", orders.exchange, name="exchange"),
    path(
        "commandes/<int:order_id>/rembourse/<int:operation_id>/recu.pdf",
        orders.receipt_pdf,
        name="refund_receipt_pdf",
    ),
    path(
        "commandes/<int:order_id>/rembourse/<int:operation_id>/", orders.refunded, name="refunded"
    ),
    path(
        "commandes/<int:order_id>/rembourse/<int:operation_id>/coupons.pdf",
        orders.coupons_pdf,
        name="coupons_pdf",
    ),
]

sum_urls = [
    path("sommes-dues/", sums.sums_owed, name="sums_owed"),
    path("sommes-dues/<int:sum_id>/", sums.sum_owed, name="sum_owed"),
    path("sommes-dues/<int:sum_id>/recu.pdf", sums.receipt_pdf, name="sum_receipt_pdf"),
]

voucher_urls = [
    path("bons/", vouchers.search, name="vouchers"),
    path("bons/vendre/", vouchers.sell, name="sell_voucher"),
    path("bons/nouveau/", vouchers.issue, name="new_voucher"),
    path("bons/<int:voucher_id>/", vouchers.show, name="voucher"),
    path("bons/<int:voucher_id>.pdf", vouchers.pdf, name="voucher_pdf"),
    path("bons/<int:voucher_id>/annuler/", vouchers.cancel, name="cancel_voucher"),
    path("bons/<int:voucher_id>/rembourser/", vouchers.refund, name="refund_voucher"),
]

door_urls = [
    path("entree/", doors.choose, name="doors"),
    path("entree/<int:performance_id>/", doors.door, name="door"),
]

cancellation_urls = [
    path("annulations/", cancellations.performances, name="cancellations"),
    path("annulations/<int:performance_id>/", cancellations.cancel, name="cancel_performance"),
    path(
        "annulations/<int:performance_id>/preuve.pdf",
        cancellations.proof_pdf,
        name="refund_run_pdf",
    ),
]

urlpatterns = [
    *cancellation_urls,
    *till_urls,
    *contact_urls,
    *credit_urls,
    *sale_urls,
    *order_urls,
    *sum_urls,
    *voucher_urls,
    *door_urls,
]
