"""The statements of the verification: each names what is wrong with rows of a range of ids.

Plain SQL, the same on both databases; what is right never leaves the database. Every statement
gives ``fault``, a key of ``FAULTS``, and ``code`` with ``number`` by which an auditor looks the row
up, or null for a row that has neither and is named by its ``id``.
"""

# A payment is named by its entry in the journal.
PAYMENTS = """
SELECT w.id, w.fault, c.code, e.number FROM (
  SELECT p.id, CASE
    WHEN (p.purpose = 'refund') <> (p.refunds_id IS NOT NULL) THEN 'gives_back'
    WHEN p.refunds_id IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM payments_payment o
      WHERE o.id = p.refunds_id AND o.order_id = p.order_id AND o.purpose = 'sale'
        AND o.direction = 'in' AND o.currency = p.currency AND p.direction = 'out')
      THEN 'gives_back'
    WHEN p.amount_minor < COALESCE((
      SELECT SUM(r.amount_minor) FROM payments_payment r WHERE r.refunds_id = p.id), 0)
      OR p.non_refundable_minor < COALESCE((
      SELECT SUM(r.non_refundable_minor) FROM payments_payment r WHERE r.refunds_id = p.id), 0)
      THEN 'returned'
    WHEN p.reverses_id IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM payments_payment o
      WHERE o.id = p.reverses_id AND o.purpose = p.purpose AND o.direction <> p.direction
        AND o.mode_id = p.mode_id AND o.amount_minor = p.amount_minor
        AND COALESCE(o.contact_id, 0) = COALESCE(p.contact_id, 0)
        AND COALESCE(o.order_id, 0) = COALESCE(p.order_id, 0) AND o.reverses_id IS NULL)
      THEN 'reverses'
    WHEN p.movement_id IS NULL AND (m.kind = 'credit' OR p.surplus_minor > 0
      OR p.purpose IN ('deposit', 'payout')) THEN 'movement'
    WHEN p.movement_id IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM credit_movement v JOIN credit_creditaccount a ON a.id = v.account_id
      WHERE v.id = p.movement_id AND v.operation_id = p.operation_id
        AND a.contact_id = p.contact_id AND v.currency = p.currency AND CASE
          WHEN p.purpose = 'sale' AND m.kind = 'credit'
            THEN v.kind = 'PAIEMENT' AND v.side = 'D' AND v.amount_minor = p.amount_minor
              AND v.non_refundable_minor = p.non_refundable_minor
          WHEN p.purpose = 'sale'
            THEN v.kind = 'SURPLUS_BON' AND v.side = 'C' AND v.amount_minor = p.surplus_minor
          WHEN p.purpose = 'refund'
            THEN v.kind = 'REMBOURSEMENT' AND v.side = 'C' AND v.amount_minor = (
              SELECT SUM(o.amount_minor) FROM payments_payment o WHERE o.movement_id = v.id)
              AND v.non_refundable_minor = (SELECT SUM(o.non_refundable_minor)
              FROM payments_payment o WHERE o.movement_id = v.id)
          ELSE v.kind = CASE p.purpose WHEN 'deposit' THEN 'DEPOT' ELSE 'RESTITUTION' END
            AND v.side = CASE p.direction WHEN 'in' THEN 'C' ELSE 'D' END
            AND v.amount_minor = p.amount_minor
        END)
      THEN 'movement'
    WHEN (p.purpose = 'owed') <> EXISTS (
      SELECT 1 FROM payments_sumowedpayment l JOIN payments_sumowed d ON d.id = l.sum_owed_id
      WHERE l.payment_id = p.id AND d.amount_minor = p.amount_minor
        AND d.currency = p.currency AND p.direction = 'out') THEN 'owed'
    WHEN p.carries_id IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM payments_payment o
      JOIN payments_refund r ON r.operation_id = o.operation_id
      WHERE o.id = p.carries_id AND o.operation_id = p.operation_id AND o.purpose = 'refund'
        AND p.purpose = 'sale' AND o.mode_id = p.mode_id AND o.amount_minor = p.amount_minor
        AND o.non_refundable_minor = p.non_refundable_minor
        AND COALESCE(o.voucher_id, 0) = COALESCE(p.voucher_id, 0)
        AND r.order_id = o.order_id AND r.exchanged_for_id = p.order_id)
      THEN 'carries'
    WHEN (m.kind = 'voucher') <> (p.voucher_id IS NOT NULL) THEN 'voucher'
    WHEN p.voucher_id IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM payments_vouchermovement l
      WHERE l.payment_id = p.id AND l.voucher_id = p.voucher_id
        AND l.operation_id = p.operation_id
        AND l.kind = CASE p.direction WHEN 'in' THEN 'payment' ELSE 'refund' END
        AND l.change_minor
          = CASE p.direction WHEN 'in' THEN -p.tendered_minor ELSE p.amount_minor END)
      THEN 'voucher'
    WHEN p.order_id IS NOT NULL AND p.amount_minor <> COALESCE((
      SELECT SUM(s.amount_minor) FROM payments_paymentshare s WHERE s.payment_id = p.id), 0)
      THEN 'shares'
  END AS fault
  FROM payments_payment p JOIN institution_settings_paymentmode m ON m.id = p.mode_id
  WHERE p.id > %(after)s AND p.id <= %(until)s
) w
LEFT JOIN journal_entry e ON e.subject_kind = 'payment' AND e.subject_id = w.id
LEFT JOIN journal_chain c ON c.id = e.chain_id
WHERE w.fault IS NOT NULL ORDER BY w.id
"""

# Sales less what was corrected of them; refunds as they went out.
ORDERS = """
SELECT w.id, w.fault, w.code, NULL AS number FROM (
  SELECT o.id, o.number AS code, CASE
    WHEN o.state = 'paid' AND COALESCE(p.paid, 0) <> o.total_minor THEN 'paid'
    WHEN o.state <> 'paid' AND p.order_id IS NOT NULL THEN 'unpaid'
    WHEN COALESCE(p.given, 0) > COALESCE(p.paid, 0) THEN 'given'
    WHEN COALESCE(p.given, 0) <> COALESCE((
      SELECT SUM(r.amount_minor) FROM payments_refund r WHERE r.order_id = o.id), 0)
      OR EXISTS (
        SELECT 1 FROM payments_refund r WHERE r.order_id = o.id AND r.amount_minor <> COALESCE((
          SELECT SUM(g.amount_minor) FROM payments_payment g
          WHERE g.operation_id = r.operation_id AND g.order_id = o.id
            AND g.purpose = 'refund'), 0))
      THEN 'refund'
    WHEN EXISTS (
      SELECT 1 FROM payments_refund r WHERE r.order_id = o.id AND COALESCE((
        SELECT SUM(g.amount_minor) FROM payments_payment g
        JOIN institution_settings_paymentmode k ON k.id = g.mode_id
        WHERE g.operation_id = r.operation_id AND g.order_id = o.id AND g.purpose = 'refund'
          AND k.kind = 'owed'), 0) <> COALESCE((
        SELECT d.amount_minor FROM payments_sumowed d WHERE d.refund_id = r.id), 0))
      THEN 'owes'
    WHEN EXISTS (
      SELECT 1 FROM payments_refund r JOIN sales_order n ON n.id = r.exchanged_for_id
      WHERE r.order_id = o.id AND COALESCE((
        SELECT SUM(c.amount_minor) FROM payments_payment c
        WHERE c.operation_id = r.operation_id AND c.carries_id IS NOT NULL), 0)
        <> CASE WHEN r.amount_minor < n.total_minor THEN r.amount_minor ELSE n.total_minor END)
      THEN 'exchange'
    WHEN EXISTS (
      SELECT 1 FROM sales_ticket t WHERE t.order_id = o.id
        AND (t.state = 'cancelled') <> EXISTS (
          SELECT 1 FROM payments_refundedticket b WHERE b.ticket_id = t.id))
      THEN 'tickets'
    WHEN EXISTS (
      SELECT 1 FROM (
        SELECT s.performance_id AS place,
          CASE q.direction WHEN 'in' THEN s.amount_minor ELSE -s.amount_minor END AS minor
        FROM payments_paymentshare s JOIN payments_payment q ON q.id = s.payment_id
        WHERE q.order_id = o.id
        UNION ALL
        SELECT t.performance_id, -t.price_minor FROM sales_ticket t
        WHERE t.order_id = o.id AND t.state = 'valid'
      ) g WHERE g.place IS NOT NULL GROUP BY g.place HAVING SUM(g.minor) <> 0)
      THEN 'performances'
  END AS fault
  FROM sales_order o
  LEFT JOIN (
    SELECT order_id,
      SUM(CASE WHEN purpose <> 'sale' THEN 0
               WHEN direction = 'in' THEN amount_minor ELSE -amount_minor END) AS paid,
      SUM(CASE WHEN purpose <> 'refund' THEN 0
               WHEN direction = 'out' THEN amount_minor ELSE -amount_minor END) AS given
    FROM payments_payment WHERE order_id > %(after)s AND order_id <= %(until)s
    GROUP BY order_id
  ) p ON p.order_id = o.id
  WHERE o.id > %(after)s AND o.id <= %(until)s
) w
WHERE w.fault IS NOT NULL ORDER BY w.id
"""

# A code is a bearer's money: a voucher is named by the order that sold it.
VOUCHERS = """
SELECT w.id, w.fault, w.code, NULL AS number FROM (
  SELECT v.id, o.number AS code, CASE
    WHEN COALESCE(l.lines, 0) <> v.position OR COALESCE(l.last, 0) <> v.position
      OR v.position = 0 THEN 'position'
    WHEN EXISTS (
      SELECT 1 FROM (
        SELECT n.balance_after_minor - n.change_minor AS expected, n.currency,
          LAG(n.balance_after_minor, 1, 0) OVER (ORDER BY n.position) AS before_minor
        FROM payments_vouchermovement n WHERE n.voucher_id = v.id) f
      WHERE f.expected <> f.before_minor OR f.currency <> v.currency) THEN 'line'
    WHEN v.balance_minor <> (
      SELECT n.balance_after_minor FROM payments_vouchermovement n
      WHERE n.voucher_id = v.id AND n.position = v.position) THEN 'balance'
    WHEN NOT EXISTS (
      SELECT 1 FROM payments_vouchermovement n WHERE n.voucher_id = v.id AND n.position = 1
        AND n.kind = 'issue' AND n.change_minor = v.value_minor) THEN 'value'
    WHEN (v.state = 'cancelled') <> EXISTS (
      SELECT 1 FROM payments_vouchermovement n WHERE n.voucher_id = v.id
        AND n.position = v.position AND n.kind = 'cancel') THEN 'state'
  END AS fault
  FROM payments_voucher v
  LEFT JOIN (
    SELECT voucher_id, COUNT(*) AS lines, MAX(position) AS last FROM payments_vouchermovement
    WHERE voucher_id > %(after)s AND voucher_id <= %(until)s GROUP BY voucher_id
  ) l ON l.voucher_id = v.id
  LEFT JOIN sales_orderline s ON s.id = v.sold_on_id
  LEFT JOIN sales_order o ON o.id = s.order_id
  WHERE v.id > %(after)s AND v.id <= %(until)s
) w
WHERE w.fault IS NOT NULL ORDER BY w.id
"""

# As ``takings.list_takings`` counts: change is cash, whatever the mode it was given for. Which of
# several cash modes was the drawer is not asked: they are taken together.
CLOSINGS = """
SELECT w.id, w.fault, t.code, w.number FROM (
  SELECT s.id, s.till_id, s.number, CASE
    WHEN s.closed_at IS NULL AND EXISTS (
      SELECT 1 FROM tills_modecount n WHERE n.session_id = s.id) THEN 'open'
    WHEN s.closed_at IS NOT NULL AND EXISTS (
      SELECT 1 FROM (
        SELECT g.drawer, SUM(g.in_minor) AS came, SUM(g.out_minor) AS went, SUM(g.number) AS times
        FROM (
          SELECT CASE m.kind WHEN 'cash' THEN 0 ELSE n.mode_id END AS drawer,
            n.in_minor, n.out_minor, n.payments AS number
          FROM tills_modecount n JOIN institution_settings_paymentmode m ON m.id = n.mode_id
          WHERE n.session_id = s.id
          UNION ALL
          SELECT CASE m.kind WHEN 'cash' THEN 0 ELSE q.mode_id END,
            CASE WHEN q.direction <> 'in' THEN 0 WHEN m.kind = 'cash'
              THEN q.change_minor - q.tendered_minor ELSE -q.tendered_minor END,
            CASE q.direction WHEN 'out' THEN -q.tendered_minor ELSE 0 END, -1
          FROM payments_payment q JOIN institution_settings_paymentmode m ON m.id = q.mode_id
          WHERE q.session_id = s.id
          UNION ALL
          SELECT 0, 0, -q.change_minor, 0
          FROM payments_payment q JOIN institution_settings_paymentmode m ON m.id = q.mode_id
          WHERE q.session_id = s.id AND m.kind <> 'cash' AND q.direction = 'in'
        ) g GROUP BY g.drawer
      ) h WHERE h.came <> 0 OR h.went <> 0 OR h.times <> 0) THEN 'counts'
    WHEN EXISTS (
      SELECT 1 FROM tills_modecount n WHERE n.session_id = s.id
        AND n.expected_minor - n.in_minor + n.out_minor - n.put_in_minor + n.taken_out_minor
          NOT IN (0, s.float_minor)) THEN 'counts'
    WHEN s.closed_at IS NOT NULL AND EXISTS (
      SELECT 1 FROM (
        SELECT SUM(g.put_in) AS put_in, SUM(g.taken_out) AS taken_out FROM (
          SELECT n.put_in_minor AS put_in, n.taken_out_minor AS taken_out
          FROM tills_modecount n WHERE n.session_id = s.id
          UNION ALL
          SELECT CASE k.way WHEN 'in' THEN -k.amount_minor ELSE 0 END,
            CASE k.way WHEN 'out' THEN -k.amount_minor ELSE 0 END
          FROM tills_cashmovement k WHERE k.session_id = s.id
        ) g
      ) h WHERE h.put_in <> 0 OR h.taken_out <> 0) THEN 'counts'
  END AS fault
  FROM tills_tillsession s WHERE s.id > %(after)s AND s.id <= %(until)s
) w JOIN tills_till t ON t.id = w.till_id
WHERE w.fault IS NOT NULL ORDER BY w.id
"""
