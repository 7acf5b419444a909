-- Cases of both cities as years of use leave them: the oldest are over, the newest are under way.
-- $cases is how many; people and enterprises are a tenth of that.

CREATE TEMP TABLE plan AS
SELECT i, h, city, town, stage, created_at, utilities,
       md5('person' || (i % ($cases / 10)))::uuid AS owner_id,
       md5('enterprise' || (i % ($cases / 10)))::uuid AS enterprise_id,
       uuidv7(created_at - now()) AS id,
       extract(year FROM created_at)::int AS year,
       row_number() OVER (PARTITION BY city, extract(year FROM created_at) ORDER BY i)::int AS nth
FROM (
    SELECT i, h, city, created_at,
           CASE WHEN city = 'daye'
                THEN (ARRAY['jinhu', 'dongyuelu', 'luojiaqiao', 'baoan', 'jinniu'])[1 + h % 5]
                ELSE (ARRAY['chuanhui', 'huaiyang', 'fugou', 'xihua', 'luyi'])[1 + h % 5] END AS town,
           CASE WHEN city = 'zhoukou' AND h % 3 = 0
                THEN ARRAY['water', 'electricity', 'gas', 'heat', 'network']
                ELSE (ARRAY['{water,electricity,gas,network}', '{water,electricity}',
                            '{electricity}', '{water,electricity,gas}',
                            '{electricity,network}'])[1 + h % 5]::text[] END AS utilities,
           CASE WHEN i <= $cases * 0.88 OR h % 8 = 0
                THEN (ARRAY['closed', 'closed', 'closed', 'closed', 'closed', 'closed', 'closed',
                            'closed', 'closed', 'closed', 'closed', 'closed', 'closed', 'closed',
                            'closed', 'closed', 'closed', 'closed', 'withdrawn',
                            'rejected'])[1 + h % 20]
                ELSE (ARRAY['draft', 'draft', 'submitted', 'submitted', 'submitted', 'returned',
                            'accepted', 'surveying', 'surveying', 'planning', 'planning',
                            'permitting', 'permitting', 'constructing', 'constructing',
                            'constructing', 'inspecting', 'connecting', 'connected',
                            'connected'])[1 + (h / 8) % 20] END AS stage
    FROM (
        SELECT i, (hashint8extended(i, 17) >> 8) & 1048575 AS h,
               CASE WHEN i % 10 < 6 THEN 'daye' ELSE 'zhoukou' END AS city,
               now() - ($cases - i) * (interval '6 years' / $cases) AS created_at
        FROM generate_series(1, $cases) AS i
    ) AS numbered
) AS placed;

INSERT INTO persons (id, created_at, version, totp_last, totp_failures)
SELECT md5('person' || k)::uuid, now() - interval '6 years', 1, 0, 0
FROM generate_series(0, $cases / 10 - 1) AS k;

INSERT INTO enterprises (id, version, created_by, credit_code, name, profile, created_at)
SELECT md5('enterprise' || k)::uuid, 1, md5('person' || k)::uuid, 'X' || lpad(k::text, 17, '0'),
       '样例' || (k * 7919) % 100003 || '号有限公司', '{}', now() - interval '6 years'
FROM generate_series(0, $cases / 10 - 1) AS k;

INSERT INTO enterprise_members (id, enterprise_id, person_id, relation, created_at)
SELECT uuidv7(), md5('enterprise' || k)::uuid, md5('person' || k)::uuid, 'owner', now()
FROM generate_series(0, $cases / 10 - 1) AS k;

INSERT INTO applications (
    id, version, city, owner_id, enterprise_id, channel, year, sequence, stage, judged_on,
    utilities, town, enterprise_name, credit_code, fields, revisions, personal_sealed,
    faults_told, gaps, plan_state, works_started, road_opened, rated_at, due_at, submitted_at,
    accepted_at, connected_at, closed_at, created_at, updated_at)
SELECT id, 1 + h % 9, city, owner_id, enterprise_id,
       (ARRAY['miniprogram', 'miniprogram', 'h5', 'window', 'platform'])[1 + h % 5],
       CASE WHEN numbered THEN year END, CASE WHEN numbered THEN nth END, stage,
       CASE WHEN numbered THEN current_date END, utilities, town,
       '样例' || ((i % ($cases / 10)) * 7919) % 100003 || '号有限公司',
       'X' || lpad((i % ($cases / 10))::text, 17, '0'),
       $form::jsonb, '{}', $sealed::bytea, '[]', '[]',
       CASE WHEN rank >= 5 THEN 'agreed' ELSE 'drafting' END, rank >= 6, false,
       CASE WHEN stage = 'closed' THEN created_at + interval '21 days' END,
       CASE WHEN rank BETWEEN 1 AND 9 AND h % 23 > 0 AND stage NOT IN ('withdrawn', 'rejected')
            THEN now() + (h % 40000 - 4000) * interval '1 minute' END,
       CASE WHEN numbered THEN created_at + interval '1 hour' END,
       CASE WHEN rank >= 2 AND stage <> 'rejected' THEN created_at + interval '5 hours' END,
       CASE WHEN rank >= 9 THEN created_at + interval '20 days' END,
       CASE WHEN stage = 'closed' THEN created_at + interval '30 days' END,
       created_at, created_at + interval '30 days'
FROM (SELECT *, stage <> 'draft' AS numbered, $rank AS rank FROM plan) AS ranked;

INSERT INTO case_counters (id, city, year, newest)
SELECT gen_random_uuid(), city, year, max(nth) FROM plan GROUP BY city, year;

CREATE TEMP TABLE providers AS
SELECT id, city, coalesce(utility, code) AS utility, kind,
       row_number() OVER (PARTITION BY city, utility, kind ORDER BY code) - 1 AS nth,
       count(*) OVER (PARTITION BY city, utility, kind) AS many
FROM organizations
WHERE active AND (kind = 'carrier' OR (kind = 'utility' AND code <> 'network'));

INSERT INTO requests (
    id, version, application_id, city, utility, organization_id, kind, course, state,
    permit_state, permit, findings, segment, segment_open, works, works_started_at, inspection,
    connection, connection_at, connected_at, ended, due_at, created_at)
SELECT uuidv7(created_at - now()), 1 + h % 7, p.id, p.city, o.utility, o.id, 'new', 'full', state,
       CASE WHEN rank = 5 THEN 'deciding' WHEN rank > 5 THEN 'granted' END,
       '{}', '{"line_m": "120"}', '{"length_m": "120"}', state = 'surveyed' AND h % 2 = 0, '{}',
       CASE WHEN rank >= 6 THEN created_at + interval '9 days' END, '{}', '{}',
       CASE WHEN rank = 8 THEN now() + interval '1 day' END,
       CASE WHEN state = 'connected' THEN created_at + interval '20 days' END, '{}',
       CASE WHEN rank BETWEEN 2 AND 8 AND h % 23 > 0 AND state <> 'withdrawn'
            THEN now() + (h % 40000 - 4000) * interval '1 minute' END,
       created_at + interval '5 hours'
FROM (
    SELECT *, CASE WHEN stage = 'withdrawn' THEN 'withdrawn'
                   WHEN rank <= 3 THEN 'pending' WHEN rank = 4 THEN 'surveyed'
                   WHEN rank = 5 THEN 'planned' WHEN rank = 6 THEN 'permitted'
                   WHEN rank = 7 THEN 'built' WHEN rank = 8 THEN 'inspected'
                   ELSE 'connected' END AS state
    FROM (SELECT *, $rank AS rank FROM plan) AS ranked
    WHERE rank >= 2 AND stage <> 'rejected'
) AS p
JOIN providers o ON o.city = p.city AND o.utility = ANY(p.utilities)
 AND CASE WHEN o.kind = 'carrier' THEN o.nth = p.h % o.many ELSE true END
ORDER BY p.i, o.utility;

INSERT INTO surveys (id, version, application_id, city, at, ends_at, state, reason, created_at)
SELECT uuidv7(), 1, id, city, now() + interval '1 day', now() + interval '25 hours', 'confirmed',
       '', created_at
FROM plan WHERE stage = 'surveying';

INSERT INTO deadlines (
    id, city, step, application_id, organization_id, holder, opened_at, due_at, yellow_at,
    provisional, "limit", paused_minutes, warned, closed_at)
SELECT uuidv7(), a.city, step, a.id, o.id, 'window_clerk', a.created_at,
       coalesce(a.due_at, a.created_at + interval '1 day'),
       coalesce(a.due_at, a.created_at + interval '1 day') - interval '2 hours', false, '{}', 0,
       'red', CASE WHEN a.stage NOT IN ('submitted', 'returned', 'accepted', 'surveying')
                   THEN a.created_at + interval '20 hours' END
FROM applications a
JOIN organizations o ON o.city = a.city AND o.kind = 'window'
CROSS JOIN LATERAL (SELECT CASE a.stage WHEN 'returned' THEN 'correction'
                                        WHEN 'surveying' THEN 'survey' WHEN 'accepted' THEN 'survey'
                                        ELSE 'acceptance' END AS step) AS named
WHERE a.stage <> 'draft';

INSERT INTO deadlines (
    id, city, step, application_id, request_id, organization_id, holder, opened_at, due_at,
    yellow_at, provisional, "limit", paused_minutes, warned)
SELECT uuidv7(), r.city, step, r.application_id, r.id, r.organization_id, 'utility_clerk',
       r.created_at, coalesce(r.due_at, now()), coalesce(r.due_at, now()) - interval '2 hours',
       false, '{}', 0, 'red'
FROM requests r
CROSS JOIN LATERAL (SELECT CASE r.state WHEN 'surveyed' THEN 'plan'
                                        WHEN 'planned' THEN 'joint_approval'
                                        ELSE 'connection' END AS step) AS named
WHERE r.state IN ('surveyed', 'planned', 'inspected');

-- The history of the newest ten thousand: reading one case costs what its own history is long.

INSERT INTO events (
    city, subject, application_id, request_id, name, source, target, role, person_id,
    organization_id, version, data, happened_at, entered_at)
SELECT p.city, subject, p.id, r.id, name, '', '', role,
       CASE WHEN role = 'applicant' THEN p.owner_id END, r.organization_id, made.nth,
       CASE name WHEN 'book_survey' THEN jsonb_build_object('at', '2026-03-18T09:00:00+08:00')
                 ELSE '{}' END,
       p.created_at + made.nth * interval '1 hour', p.created_at + made.nth * interval '1 hour'
FROM (SELECT *, $rank AS rank FROM plan WHERE i > $cases - 10000) AS p
JOIN (VALUES (1, 1, 'application', 'submit', 'applicant'),
             (2, 2, 'application', 'accept', 'window_clerk'),
             (3, 3, 'application', 'book_survey', 'applicant'),
             (4, 4, 'request', 'record_findings', 'crew'),
             (5, 5, 'request', 'submit_segment', 'utility_clerk'),
             (6, 5, 'application', 'offer_plan', 'system'),
             (7, 5, 'application', 'agree_plan', 'applicant'),
             (8, 6, 'request', 'permit_granted', 'system'),
             (9, 6, 'request', 'start_works', 'crew'),
             (10, 7, 'request', 'finish_works', 'crew'),
             (11, 8, 'request', 'inspection_passed', 'system'),
             (12, 9, 'request', 'connect', 'crew'),
             (13, 9, 'application', 'all_connected', 'system'))
     AS made (nth, from_rank, subject, name, role) ON p.rank >= from_rank
LEFT JOIN requests r ON subject = 'request' AND r.application_id = p.id
WHERE subject = 'application' OR r.id IS NOT NULL
ORDER BY p.i, made.nth;
