package dev.holdfast.sqlite;

import dev.holdfast.jdbc.sql.Sql;

/** The trigger that records the ends of jobs for webhooks: see ADR 16. */
final class SqliteEnds {
  static final Sql WATCH =
      Sql.of(
          """
          create trigger if not exists jobs_ended after update of state on jobs
            when (new.state = 'COMPLETED' or new.state = 'FAILED' or new.state = 'INTERRUPTED'
                  or new.state = 'CANCELLED')
             and old.state <> new.state and new.type <> 'holdfast.webhook'
          begin
            insert into webhook_deliveries (webhook, event, subject, at, data)
            select w.id, 'job.' || lower(new.state), j.id || ':' || new.token, new.updated_at,
                   json_object('job', json_object(
                       'id', j.id, 'queue', new.queue, 'type', new.type, 'group', new.job_group,
                       'state', new.state, 'attempt', new.attempt,
                       'max_attempts', new.max_attempts, 'token', new.token,
                       'failure', case when new.state = 'FAILED' then json_object(
                           'kind', new.failure_kind,
                           'message', substr(new.failure_message, 1, 1000)) end))
              from webhooks w,
                   (select lower(substr(hex(new.id), 1, 8) || '-' || substr(hex(new.id), 9, 4)
                           || '-' || substr(hex(new.id), 13, 4) || '-'
                           || substr(hex(new.id), 17, 4) || '-' || substr(hex(new.id), 21)) as id) j
             where w.enabled = 1
               and w.events like '%"job.' || lower(new.state) || '"%'
               and (w.queue is null or w.queue = new.queue)
               and (w.type is null or w.type = new.type)
               and (w.job_group is null or w.job_group = new.job_group)
                on conflict do nothing;
          end
          """);

  static final Sql WATCH_NO_LONGER = Sql.of("drop trigger if exists jobs_ended");

  private SqliteEnds() {}
}
