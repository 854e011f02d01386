package dev.holdfast.postgres;

import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;

/**
 * The trigger that records the ends of jobs for webhooks: see ADR 16. Creating it waits for every
 * transaction that has written to jobs, while later ones wait behind it, so it gives up soon.
 */
final class PostgresEnds {
  private static final Sql EXISTS =
      Sql.of(
          """
          select count(*) from pg_catalog.pg_trigger
           where tgname = 'jobs_ended' and tgrelid = 'holdfast.jobs'::regclass
          """);

  private static final Sql GIVE_UP_SOON = Sql.of("set local lock_timeout = '1s'");

  private static final Sql HOLD = Sql.of("lock table jobs in share row exclusive mode");
  private static final Sql HOLD_WHOLLY = Sql.of("lock table jobs in access exclusive mode");

  private static final Sql CREATE =
      Sql.of(
          """
          create trigger jobs_ended after update of state on jobs
            for each row
            when (new.state in ('COMPLETED', 'FAILED', 'INTERRUPTED', 'CANCELLED')
                  and old.state <> new.state and new.type <> 'holdfast.webhook')
            execute function tell_webhooks()
          """);

  private static final Sql DROP = Sql.of("drop trigger jobs_ended on jobs");

  private PostgresEnds() {}

  static void watch(Tx tx, boolean isWanted) {
    if (exists(tx) == isWanted) {
      return;
    }
    tx.execute(GIVE_UP_SOON);
    tx.execute(isWanted ? HOLD : HOLD_WHOLLY);
    if (exists(tx) != isWanted) { // another node may have done it meanwhile
      tx.execute(isWanted ? CREATE : DROP);
    }
  }

  private static boolean exists(Session session) {
    return session.sql(EXISTS).number() > 0;
  }
}
