package dev.holdfast.jdbc.store;

import dev.holdfast.JobState;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueStatus;
import dev.holdfast.QueueSummary;
import dev.holdfast.QueueSummary.FieldIndex;
import dev.holdfast.jdbc.dialect.FieldIndexes;
import dev.holdfast.jdbc.dialect.QueueRow;
import dev.holdfast.jdbc.dialect.QueueRows;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Summarizes all queues, counted along the index of each state. */
final class QueueSummaries {
  private static final Map<JobState, Sql> COUNTS =
      Map.of(
          JobState.PENDING, counting("PENDING"),
          JobState.SCHEDULED, counting("SCHEDULED"),
          JobState.BLOCKED, counting("BLOCKED"),
          JobState.RUNNING, counting("RUNNING"));

  private QueueSummaries() {}

  private static Sql counting(String state) {
    return Sql.of(
        "select queue, count(*), min(run_at) from jobs where state = '%s' group by queue"
            .formatted(state));
  }

  /** A summary under construction. */
  private static final class Draft {
    private Optional<QueueRow> row = Optional.empty();
    private Optional<Instant> oldest = Optional.empty();
    private final Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    private List<FieldIndex> fieldIndexes = List.of();

    private Draft() {
      COUNTS.keySet().forEach(state -> counts.put(state, 0L));
    }

    private QueueSummary summary(String name, List<QueueStatus.Node> nodes) {
      return new QueueSummary(
          name,
          row.map(QueueRow::settings).orElseGet(QueueSettings::defaults),
          row.flatMap(QueueRow::paused),
          counts,
          oldest,
          (int) nodes.stream().filter(node -> node.alive() && node.servesQueue(name)).count(),
          fieldIndexes);
    }
  }

  static List<QueueSummary> all(Session session, long now) {
    Map<String, Draft> drafts = new TreeMap<>();
    List<QueueStatus.Node> nodes = NodeRows.living(session, now);
    nodes.stream().flatMap(node -> node.queues().stream()).forEach(name -> draft(drafts, name));
    QueueRows.all(session).forEach(row -> draft(drafts, row.name()).row = Optional.of(row));
    FieldIndexes.all(session)
        .forEach((name, indexes) -> draft(drafts, name).fieldIndexes = indexes);
    COUNTS.forEach((state, sql) -> count(session, state, sql, drafts));
    return drafts.entrySet().stream()
        .map(draft -> draft.getValue().summary(draft.getKey(), nodes))
        .toList();
  }

  private static Draft draft(Map<String, Draft> drafts, String name) {
    return drafts.computeIfAbsent(name, unknown -> new Draft());
  }

  private record Count(String queue, long jobs, Instant oldest) {}

  private static void count(Session session, JobState state, Sql sql, Map<String, Draft> drafts) {
    session
        .sql(sql)
        .list(row -> new Count(row.text(1), row.number(2), Micros.toInstant(row.number(3))))
        .forEach(
            count -> {
              Draft draft = draft(drafts, count.queue);
              draft.counts.put(state, count.jobs);
              if (state == JobState.PENDING) {
                draft.oldest = Optional.of(count.oldest);
              }
            });
  }
}
