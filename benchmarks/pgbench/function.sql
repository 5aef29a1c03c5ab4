-- The same rows as one payment with credit, written by one function: what PostgreSQL itself
-- allows here, with one round trip and no Python. The statements are those of the product;
-- the seal is a plain SHA-256, because PostgreSQL has no HMAC of its own.
CREATE FUNCTION benchmark_pay(
    account_ bigint, till_ integer, first_chain bigint, first_session bigint,
    mode_ bigint, point_of_sale_ bigint, operator_ bigint, cents bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    now_ timestamptz := clock_timestamp();
    operation_ bigint;
    after record;
    movement_ bigint;
    head record;
    payload_ text;
    seal_ text;
BEGIN
    INSERT INTO journal_operation (source, key, kind, fingerprint, at)
    VALUES (
        'user:1', gen_random_uuid(), 'benchmark.pay',
        encode(sha256(format('{"compte":%s,"kind":"benchmark.pay","montant":%s,"piece":"C-104217"}',
                             account_, cents)::bytea), 'hex'),
        now_
    )
    ON CONFLICT (source, key) DO NOTHING RETURNING id INTO operation_;

    UPDATE credit_creditaccount SET
        balance_minor = balance_minor - cents,
        non_refundable_minor = non_refundable_minor - least(non_refundable_minor, cents),
        moved_non_refundable_minor = least(non_refundable_minor, cents),
        position = position + 1,
        last_at = greatest(last_at, now_)
    WHERE id = account_ AND state = 'open' AND currency = 'EUR'
        AND balance_minor - held_minor >= cents
        AND EXISTS (SELECT 1 FROM institution_settings_modeauthorisation a
                    JOIN institution_settings_paymentmode m ON m.id = a.mode_id
                    WHERE a.mode_id = mode_ AND a.point_of_sale_id = point_of_sale_
                      AND a.payment AND m.for_payment AND m.active AND m.kind = 'credit')
    RETURNING position, balance_minor, non_refundable_minor, moved_non_refundable_minor AS moved,
        credits_minor, last_at,
        (SELECT c.number FROM contacts_contact c WHERE c.id = contact_id) AS contact
    INTO STRICT after;

    INSERT INTO credit_movement (
        account_id, position, kind, side, currency, amount_minor, non_refundable_minor,
        balance_after_minor, non_refundable_after_minor, credits_after_minor, mode_id,
        counterpart_id, session_id, operator_id, operation_id, reference, at, business_date,
        reverses_id, reason
    )
    VALUES (
        account_, after.position, 'PAIEMENT', 'D', 'EUR', cents, after.moved,
        after.balance_minor, after.non_refundable_minor, after.credits_minor, mode_,
        NULL, first_session + till_ - 1, operator_, operation_, 'C-104217', after.last_at,
        after.last_at::date, NULL, ''
    )
    RETURNING id INTO movement_;

    SELECT code, entity, number, seal, last_at, session_open, business_date INTO STRICT head
    FROM journal_chain WHERE id = first_chain + till_ - 1 FOR NO KEY UPDATE;
    IF head.session_open IS DISTINCT FROM 1 THEN
        RAISE EXCEPTION 'till % is closed', till_;
    END IF;

    payload_ := format(
        '{"caisse":"%s","chaine":"%1$s","contact":"%s","contrepartie":null,"contrepasse":null,'
        '"credits":%s,"devise":"EUR","enregistrement":"MOUVEMENT","entite":"%s","format":1,'
        '"horodatage":"%s","inscrit":"%s","journee":"%s","mode":"AVOIR","montant":%s,'
        '"motif":null,"nature":"PAIEMENT","non_remboursable":%s,"non_remboursable_apres":%s,'
        '"operateur":"lea","piece":"C-104217","precedent":"%s","rang":%s,"sens":"D","seq":%s,'
        '"session":1,"solde":%s}',
        head.code, after.contact, after.credits_minor, head.entity,
        to_char(after.last_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        to_char(greatest(head.last_at, now_) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        head.business_date, cents, after.moved, after.non_refundable_minor,
        head.seal, after.position, head.number + 1, after.balance_minor
    );
    seal_ := encode(sha256(payload_::bytea), 'hex');

    INSERT INTO journal_entry (
        chain_id, number, at, kind, subject_kind, subject_id, payload, previous, seal, key_id,
        format
    )
    VALUES (
        first_chain + till_ - 1, head.number + 1, greatest(head.last_at, now_), 'MOUVEMENT',
        'movement', movement_, payload_, head.seal, seal_, 'k1', 1
    );

    UPDATE journal_chain
    SET number = head.number + 1, seal = seal_, last_at = greatest(head.last_at, now_)
    WHERE id = first_chain + till_ - 1;
    RETURN movement_;
END $$;
