package dev.holdfast.cli;

import dev.holdfast.ClaimOrder;
import dev.holdfast.Holdfast;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.QueueSettings.Rate;
import dev.holdfast.check.Limits;
import dev.holdfast.search.JobField;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A queue that holds something of everything. */
public final class FullQueue {
  public static final int LOG_LINES = 25_000;

  private FullQueue() {}

  /** Jobs in every state, with all that can belong to one. */
  public static void fill(Cli cli) throws Exception {
    try (Holdfast holdfast = cli.open()) {
      holdfast.queue().queues().limitType("тип 1", 3);
      holdfast.queue().queues().limitType("t", 7);
      holdfast
          .queue()
          .queues()
          .configure(
              "q",
              settings ->
                  settings
                      .order(ClaimOrder.FAIR)
                      .concurrency(9)
                      .concurrencyPerGroup(2)
                      .rate(new Rate(5, Duration.ofSeconds(10)))
                      .indexedFields(List.of(JobField.parse("payload.to"))));
      holdfast.queue().queues().configure("by hand", settings -> settings.manual(true));
      holdfast.queue().queues().pause("by hand", "ada");
      holdfast
          .queue()
          .enqueue(
              List.of(
                  NewJob.of("t", "x".repeat(Limits.PAYLOAD_BYTES_MAX - 2)),
                  NewJob.of("t", Map.of("ü€😀", List.of(1.50, "\u0000\u2028\n\"\\"))).unique("k"),
                  NewJob.of("t", 1)
                      .unique("ключ '\"")
                      .group("tenant")
                      .tags("a", "b\\\"")
                      .metadata(Map.of("m", 1.10))
                      .requires(Map.of("gpu", true))
                      .priority(-7)
                      .timeout(Duration.ofNanos(1_234_567_000))
                      .createdBy("ada"),
                  NewJob.of("t", 2).in(Duration.ofDays(36_000)),
                  NewJob.of("t", 3),
                  NewJob.of("t", 4),
                  NewJob.of("t", 5),
                  NewJob.of("t", 6),
                  NewJob.of("gone", 7).unique("of a job that is gone")));
    }
    Tables tables = new Tables(cli.db());
    List<JobState> states =
        List.of(
            JobState.PENDING,
            JobState.COMPLETED,
            JobState.FAILED,
            JobState.SCHEDULED,
            JobState.INTERRUPTED,
            JobState.CANCELLED,
            JobState.BLOCKED,
            JobState.PENDING);
    for (int i = 0; i < states.size(); i++) {
      tables.change(
          "update jobs set state = '%s', token = %d, attempt = 1, updated_at = updated_at + %d where number = %d"
              .formatted(states.get(i), i + 3, i, i + 1));
    }
    tables.change(
        "insert into nodes (id, name, host, process_id, start_ticks, boot_id, pid_namespace,"
            + " version, phase, started_at, heartbeat_at, heartbeats, lease_until, ended_at)"
            + " values (x'00112233445566778899aabbccddeeff', 'w', 'far', 42, 1, 'b', 'p', 'v',"
            + " 'quiet', 1, 2, 3, 4, 5)",
        "update jobs set node = x'00112233445566778899aabbccddeeff', started_at = 10, finished_at ="
            + " 20, interrupted_at = 30, crashes = 2, lapses = 4, payload_version = 9, rank ="
            + " 12345678901, result = '{\"a\": 1e5,\"a\":2}' where number = 2",
        "update jobs set node = x'ff112233445566778899aabbccddeeff', failure_kind = 'TIMEOUT',"
            + " failure_message = 'late ü', failure_trace = '', result = 'null' where number = 3",
        "update job_payloads set payload = '{ \"spaces\" :\n [1.0, \"\\u00fc\"]}' where number = 4",
        "update job_payloads set payload = 'this is no JSON' where number = 5",
        "update job_payloads set payload = '%s1%s' where number = 6"
            .formatted("[".repeat(450), "]".repeat(450)),
        "insert into job_progress select id, 55, 'half', 77 from jobs where number = 2",
        "insert into job_checkpoints select id, 'ü', '[ 1 ]', 1, 5 from jobs where number < 4",
        "insert into job_checkpoints select id, 'b', '\"%s\"', 2, 4 from jobs where number < 4"
            .formatted("y".repeat(900_000)),
        "insert into job_steps select id, 1, 'ü', 'WORK', '[ 1 ]', 1, 5, 6, null from jobs"
            + " where number < 4",
        "insert into job_steps select id, 2, 'nap', 'SLEEP', null, 2, 7, null, 99 from jobs"
            + " where number < 3",
        "insert into job_waits select a.id, b.number, b.id, 'RUN', 7, 1 from jobs a, jobs b"
            + " where a.number = 2 and b.number in (3, 4)",
        "insert into job_signals select id, 'go', '{ \"a\": 1 }', 7, 'ada', null, 'RUN' from jobs"
            + " where number < 3",
        "insert into job_signals select id, 'no', null, null, '', 9, 'FAIL' from jobs"
            + " where number = 2",
        "update jobs set awaited = 5 where number in (3, 4)",
        "update jobs set waits = 1 where number = 2",
        "insert into job_events (job_id, at, from_state, to_state, by_whom, why, attempt, node,"
            + " run_at, started_at, finished_at, failure_kind, failure_message, failure_trace)"
            + " select id, 1, 'RUNNING', 'SCHEDULED', 'w', 'retry', 1, node, 2, 3, 4, 'ERROR',"
            + " 'boom', 'at x' from jobs where number < 4",
        "insert into job_events (job_id, at, from_state, to_state, by_whom, why, attempt, run_at)"
            + " select id, 5, 'PENDING', 'CANCELLED', '', '', 0, 2 from jobs where number < 3",
        """
        with recursive line(n) as (select 1 union all select n + 1 from line where n < %d)
        insert into job_logs (job_id, attempt, at, level, message, details)
        select (select id from jobs where number = 2), n %% 7, n, 20, 'line ' || n,
               case n %% 3 when 0 then null when 1 then '{"n":1}' else '{ "n": 1.0 }' end
          from line
        """
            .formatted(LOG_LINES),
        "insert into job_logs (job_id, attempt, at, level, message)"
            + " select id, 1, 9, 40, 'ü\n' from jobs where number = 3",
        "delete from job_payloads where number = 9",
        "delete from jobs where number = 9");
  }
}
