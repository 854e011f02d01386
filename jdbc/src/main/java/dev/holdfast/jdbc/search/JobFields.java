package dev.holdfast.jdbc.search;

import dev.holdfast.JobId;
import dev.holdfast.jdbc.dialect.QueueRow;
import dev.holdfast.jdbc.dialect.QueueView;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.IdLists;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.search.JobField;
import dev.holdfast.search.JsonScalar;
import dev.holdfast.spi.record.JobDraft;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the values of the fields that the settings of queues name. A value that a job no longer
 * has may stay until the job is deleted: whatever the index leads to is checked.
 */
public final class JobFields {
  /** A field with more values than these is indexed as one with many. */
  private static final int VALUES_MAX = 32;

  private static final Sql INSERT =
      Sql.of(
          """
          insert into job_fields (field, value, job_id, job_group)
          values (:field, :value, :job_id, :job_group)
          on conflict (field, value, job_id) do nothing
          """);

  private static final Sql CONTENT =
      IdLists.in(
          "select id, queue, job_group, payload, metadata, requires from job_rows where id in"
              + " (%s)");

  private final QueueView view;

  public JobFields(QueueView view) {
    this.view = view;
  }

  private record Entry(IndexedValue value, JobId job, Optional<String> group) {}

  /** Indexes new jobs. */
  public void add(Tx tx, List<JobDraft> jobs) {
    Map<String, QueueRow> queues = view.rows(tx, tx.now());
    List<Entry> entries = new ArrayList<>();
    for (JobDraft job : jobs) {
      for (JobField field : fields(queues, job.queue())) {
        List<JsonScalar> values =
            field.read(Optional.of(job.payload()), job.metadata(), job.requires());
        add(entries, field, values, job.id(), job.group());
      }
    }
    write(tx, entries);
  }

  /** Indexes jobs as they are stored now. */
  public void add(Tx tx, Collection<JobId> jobs) {
    Map<String, QueueRow> queues = view.rows(tx, tx.now());
    if (queues.values().stream().allMatch(row -> row.settings().indexedFields().isEmpty())) {
      return;
    }
    List<Entry> entries = new ArrayList<>();
    IdLists.list(tx, CONTENT, jobs, row -> read(entries, queues, row));
    write(tx, entries);
  }

  private static List<JobField> fields(Map<String, QueueRow> queues, String queue) {
    QueueRow row = queues.get(queue);
    return row == null ? List.of() : row.settings().indexedFields();
  }

  private static JobId read(List<Entry> entries, Map<String, QueueRow> queues, Row row) {
    JobId id = new JobId(row.id("id"));
    for (JobField field : fields(queues, row.text("queue"))) {
      List<JsonScalar> values =
          field.read(
              Optional.of(row.text("payload")),
              row.maybeText("metadata"),
              row.maybeText("requires"));
      add(entries, field, values, id, row.maybeText("job_group"));
    }
    return id;
  }

  private static void add(
      List<Entry> entries,
      JobField field,
      List<JsonScalar> values,
      JobId job,
      Optional<String> group) {
    if (values.size() > VALUES_MAX) {
      entries.add(new Entry(IndexedValue.many(field), job, group));
      return;
    }
    values.forEach(value -> entries.add(new Entry(IndexedValue.of(field, value), job, group)));
  }

  private static void write(Tx tx, List<Entry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    int[] unused =
        tx.updateEach(
            INSERT,
            entries,
            (insert, entry) ->
                insert
                    .set("field", entry.value.field())
                    .set("value", entry.value.value())
                    .set("job_id", entry.job)
                    .set("job_group", entry.group));
  }
}
