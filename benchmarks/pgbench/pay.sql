\set account random(:first_account, :first_account + :accounts - 1)
\set till random(1, :tills)
SELECT benchmark_pay(:account, (:till)::integer, :first_chain, :first_session, :mode, :point_of_sale, :operator, 125);
