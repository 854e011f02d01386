package dev.holdfast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.JobId;
import dev.holdfast.LogLine;
import dev.holdfast.spi.Archive;
import dev.holdfast.spi.JobRecord;
import dev.holdfast.spi.JobStamp;
import dev.holdfast.spi.KeyRecord;
import dev.holdfast.spi.QueueRecord;
import dev.holdfast.spi.ScheduleRecord;
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
 * Writes a queue as JSON lines: a first line that says what this is, what is said of each queue and
 * the limits of types, a line for each job in the order of ids – one with many log lines is
 * followed by lines with the others –, the idempotency keys that have outlived their jobs, the
 * schedules, and a last line, without which a file is not complete.
 */
final class ExportLines {
  static final int FORMAT = 1;

  /** The field of the first line that says that secrets may be missing. */
  static final String REDACTED = "redacted";

  /** The field by which a line with the limit of a type is known. */
  static final String LIMIT_OF_TYPE = "limit_of_type";

  private static final int PAGE = 500;

  private final Archive archive;
  private final Hiding hiding;
  private final OutputStream out;
  private final Runnable onJob;
  private long jobs;
  private long keys;
  private long schedules;

  /**
   * @param hiding what is left out
   * @param onJob called after each job
   */
  ExportLines(Archive archive, Hiding hiding, OutputStream out, Runnable onJob) {
    this.archive = archive;
    this.hiding = hiding;
    this.out = out;
    this.onJob = onJob;
  }

  long jobs() {
    return jobs;
  }

  void begin(String version) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("holdfast_export", FORMAT);
    fields.put("version", version);
    if (!hiding.isNone()) {
      fields.put(REDACTED, true);
    }
    write(fields);
  }

  /** What is said of queues; before the jobs, which find their place by it. */
  void queues() throws IOException {
    for (QueueRecord queue : archive.queues()) {
      write(QueueRecordJson.of(queue));
    }
  }

  /** How many jobs of a type run at once; before the jobs, too. */
  void typeLimits() throws IOException {
    for (Map.Entry<String, Integer> limit : new TreeMap<>(archive.typeLimits()).entrySet()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put(LIMIT_OF_TYPE, limit.getKey());
      fields.put("concurrency", limit.getValue());
      write(fields);
    }
  }

  /** The jobs whose stamp and record match. */
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

  /** The jobs among {@code ids}, which ascend, that match; those that are gone are left out. */
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
    write(RecordJson.of(record, hiding));
    long n = record.logs().size();
    while (n > 0 && n % JobRecord.LOG_LINES == 0) {
      List<LogLine> more = archive.logLines(record.job().id(), n, JobRecord.LOG_LINES);
      if (more.isEmpty()) {
        break;
      }
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("logs_of", record.job().id().toString());
      fields.put("after", n);
      fields.put("logs", RecordJson.logs(more, hiding));
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
      write(ScheduleRecordJson.of(schedule, hiding));
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
