package dev.holdfast.jdbc.dialect;

import dev.holdfast.JobId;
import dev.holdfast.QueueSummary.FieldIndex;
import dev.holdfast.jdbc.sql.Json;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.search.JobField;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Records how far the index of each field reaches: from the newest job of a queue back to another.
 */
public final class FieldIndexes {
  /** The end of an index that reaches back to the first job. */
  public static final JobId FIRST = new JobId(new UUID(0, 0));

  private static final Sql OF_QUEUE =
      Sql.of("select field from indexed_fields where queue = :queue");

  private static final Sql NAME =
      Sql.of(
          """
          insert into indexed_fields (queue, field, named_at) values (:queue, :field, :now)
          on conflict (queue, field) do nothing
          """);

  private static final Sql FORGET =
      Sql.of("delete from indexed_fields where queue = :queue and field = :field");

  private static final Sql REACH =
      Sql.of("select from_id from indexed_fields where queue = :queue and field = :field");

  private static final Sql ALL =
      Sql.of("select queue, field, from_id from indexed_fields order by queue, field");

  private static final Sql HAS_UNINDEXED =
      Sql.of("select 1 from job_fields where field = 'unindexed' and value = :queue limit 1");

  private FieldIndexes() {}

  /** Returns the names of fields as they are stored; empty for none. */
  static Optional<String> written(List<JobField> fields) {
    return fields.isEmpty()
        ? Optional.empty()
        : Optional.of(Json.write(fields.stream().map(JobField::toString).toList()));
  }

  /** Replaces the indexed fields of a queue; those that it has already stay as they are. */
  static void name(Tx tx, String queue, List<JobField> fields) {
    Set<String> wanted = fields.stream().map(JobField::toString).collect(Collectors.toSet());
    Set<String> known =
        new HashSet<>(tx.sql(OF_QUEUE).set("queue", queue).list(row -> row.text(1)));
    for (String field : known) {
      if (!wanted.contains(field)) {
        tx.sql(FORGET).set("queue", queue).set("field", field).update();
      }
    }
    for (String field : wanted) {
      if (!known.contains(field)) {
        tx.sql(NAME).set("queue", queue).set("field", field).set("now", tx.now()).update();
      }
    }
  }

  /**
   * Returns the oldest job back to which the index of a field has all jobs of these queues; empty
   * if it has none.
   */
  public static Optional<JobId> reach(Session session, Collection<String> queues, JobField field) {
    JobId oldest = FIRST;
    for (String queue : queues) {
      Optional<JobId> from =
          session
              .sql(REACH)
              .set("queue", queue)
              .set("field", field.toString())
              .first(row -> row.maybeId("from_id").map(JobId::new))
              .flatMap(id -> id);
      if (from.isEmpty()) {
        return Optional.empty();
      }
      oldest = oldest.compareTo(from.get()) < 0 ? from.get() : oldest;
    }
    return Optional.of(oldest);
  }

  /** Returns the indexes of all queues, by queue. */
  public static Map<String, List<FieldIndex>> all(Session session) {
    Map<String, List<FieldIndex>> all = new HashMap<>();
    session
        .sql(ALL)
        .list(
            row -> {
              Optional<JobId> from = row.maybeId("from_id").map(JobId::new);
              JobField field = JobField.parse(row.text("field"));
              return all.computeIfAbsent(row.text("queue"), none -> new ArrayList<>())
                  .add(index(field, from));
            });
    return all;
  }

  private static FieldIndex index(JobField field, Optional<JobId> from) {
    boolean isComplete = from.equals(Optional.of(FIRST));
    return new FieldIndex(
        field, isComplete, isComplete ? Optional.empty() : from.map(FieldIndexes::time));
  }

  /** Returns the time of an id of version 7. */
  private static Instant time(JobId id) {
    return Instant.ofEpochMilli(id.value().getMostSignificantBits() >>> 16);
  }

  /** Returns those of these queues with newer jobs that are not indexed yet. */
  public static List<String> withUnindexed(Session session, Collection<String> queues) {
    return queues.stream()
        .filter(
            queue -> session.sql(HAS_UNINDEXED).set("queue", queue).first(row -> true).isPresent())
        .toList();
  }
}
