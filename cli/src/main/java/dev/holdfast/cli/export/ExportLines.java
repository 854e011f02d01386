package dev.holdfast.cli.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.JobId;
import dev.holdfast.LogLine;
import dev.holdfast.cli.copy.LeftOut;
import dev.holdfast.spi.record.Archive;
import dev.holdfast.spi.record.JobRecord;
import dev.holdfast.spi.record.JobStamp;
import dev.holdfast.spi.record.KeyRecord;
import dev.holdfast.spi.record.QueueRecord;
import dev.holdfast.spi.record.ScheduleRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Writes a queue as JSON lines: a header, the settings of queues, the limits of types, the jobs in
 * the order of ids (each followed by lines with further log lines, if it has many), the idempotency
 * keys that have outlived their jobs, the schedules, and a last line without which a file is
 * incomplete.
 */
final class ExportLines {
  static final int FORMAT = 1;

  /** The field of the first line that marks an export without secrets. */
  static final String REDACTED = "redacted";

  /** The field of the first line that counts the parts of the queue that are not exported. */
  static final String LEFT_OUT = "left_out";

  /** The field that identifies a line with the limit of a type. */
  static final String LIMIT_OF_TYPE = "limit_of_type";

  private static final int PAGE = 500;

  private final Archive archive;
  private final ExportRedaction exportRedaction;
  private final OutputStream out;
  private final Runnable onJob;
  private long jobs;
  private long keys;
  private long schedules;

  /**
   * @param exportRedaction the secrets to omit
   * @param onJob called after each job
   */
  ExportLines(Archive archive, ExportRedaction exportRedaction, OutputStream out, Runnable onJob) {
    this.archive = archive;
    this.exportRedaction = exportRedaction;
    this.out = out;
    this.onJob = onJob;
  }

  long jobs() {
    return jobs;
  }

  /**
   * Writes the first line.
   *
   * @param left the parts of the queue that are not exported
   */
  void begin(String version, LeftOut left) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("holdfast_export", FORMAT);
    fields.put("version", version);
    if (!exportRedaction.isNone()) {
      fields.put(REDACTED, true);
    }
    if (!left.isNothing()) {
      Map<String, Object> counts = new LinkedHashMap<>();
      counts.put("tokens", left.tokens());
      counts.put("webhooks", left.webhooks());
      counts.put("alerts", left.alerts());
      fields.put(LEFT_OUT, counts);
    }
    write(fields);
  }

  /** Writes the settings of queues; before the jobs, whose ranks depend on them. */
  void queues() throws IOException {
    for (QueueRecord queue : archive.queues()) {
      write(QueueRecordJson.of(queue));
    }
  }

  /** Writes the concurrency limits of types; before the jobs, too. */
  void typeLimits() throws IOException {
    for (Map.Entry<String, Integer> limit : new TreeMap<>(archive.typeLimits()).entrySet()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put(LIMIT_OF_TYPE, limit.getKey());
      fields.put("concurrency", limit.getValue());
      write(fields);
    }
  }

  /** Writes the jobs whose stamp and record match. */
  void jobs(Predicate<JobStamp> stamps, Predicate<JobRecord> records) throws IOException {
    Optional<JobId> after = Optional.empty();
    while (true) {
      List<JobStamp> page = archive.stamps(after, PAGE);
      if (page.isEmpty()) {
        return;
      }
      jobs(page.stream().filter(stamps).map(JobStamp::id).toList(), records);
      after = Optional.of(page.get(page.size() - 1).id());
    }
  }

  /** Writes the matching jobs among {@code ids}, which ascend; deleted ones are skipped. */
  private void jobs(List<JobId> ids, Predicate<JobRecord> records) throws IOException {
    Set<JobId> wanted = Set.copyOf(ids);
    int next = 0;
    while (next < ids.size()) {
      List<JobRecord> batch = archive.records(ids.get(next), ids.get(ids.size() - 1));
      if (batch.isEmpty()) {
        return;
      }
      for (JobRecord record : batch) {
        if (wanted.contains(record.job().id()) && records.test(record)) {
          job(record);
        }
      }
      JobId last = batch.get(batch.size() - 1).job().id();
      while (next < ids.size() && ids.get(next).compareTo(last) <= 0) {
        next++;
      }
    }
  }

  private void job(JobRecord record) throws IOException {
    write(RecordJson.of(record, exportRedaction));
    long n = record.logs().size();
    while (n > 0 && n % JobRecord.LOG_LINES == 0) {
      List<LogLine> more = archive.logLines(record.job().id(), n, JobRecord.LOG_LINES);
      if (more.isEmpty()) {
        break;
      }
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("logs_of", record.job().id().toString());
      fields.put("after", n);
      fields.put("logs", RecordJson.logs(more, exportRedaction));
      write(fields);
      n += more.size();
    }
    jobs++;
    onJob.run();
  }

  void keys() throws IOException {
    Optional<KeyRecord> after = Optional.empty();
    while (true) {
      List<KeyRecord> page = archive.orphanedKeys(after, PAGE);
      if (page.isEmpty()) {
        return;
      }
      for (KeyRecord key : page) {
        write(RecordJson.of(key));
        keys++;
      }
      after = Optional.of(page.get(page.size() - 1));
    }
  }

  void schedules() throws IOException {
    for (ScheduleRecord schedule : archive.schedules()) {
      write(ScheduleRecordJson.of(schedule, exportRedaction));
      schedules++;
    }
  }

  void end() throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("end", true);
    fields.put("jobs", jobs);
    fields.put("keys", keys);
    if (schedules > 0) {
      fields.put("schedules", schedules);
    }
    write(fields);
  }

  private void write(Object fields) throws IOException {
    out.write((ExactJson.write(fields) + "\n").getBytes(UTF_8));
  }
}
