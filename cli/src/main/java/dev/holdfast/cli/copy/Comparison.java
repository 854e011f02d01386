package dev.holdfast.cli.copy;

import dev.holdfast.JobId;
import dev.holdfast.LogLine;
import dev.holdfast.spi.record.Archive;
import dev.holdfast.spi.record.JobRecord;
import dev.holdfast.spi.record.JobStamp;
import dev.holdfast.spi.record.KeyRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;

/** Finds the differences between two archives, by the stamps of all jobs, and copies them. */
final class Comparison {
  private static final int PAGE = 1_000;
  private static final JobId LAST = new JobId(new UUID(-1, -1));

  private final Archive source;
  private final Archive target;
  private final LongConsumer onCopied;
  private long seen;
  private long copied;

  /**
   * @param onCopied receives, now and then, the number of jobs compared
   */
  Comparison(Archive source, Archive target, LongConsumer onCopied) {
    this.source = source;
    this.target = target;
    this.onCopied = onCopied;
  }

  /** Returns the number of jobs in the source. */
  long seen() {
    return seen;
  }

  /** Makes the target equal to the source. @return the number of jobs that differed */
  long run() {
    target.loadQueues(source.queues());
    Optional<JobId> after = Optional.empty();
    while (true) {
      List<JobStamp> page = source.stamps(after, PAGE);
      boolean isLast = page.size() < PAGE;
      JobId end = isLast ? LAST : page.get(page.size() - 1).id();
      compare(page, targetStamps(after, end));
      seen += page.size();
      onCopied.accept(seen);
      if (isLast) {
        return copied;
      }
      after = Optional.of(end);
    }
  }

  private Map<JobId, JobStamp> targetStamps(Optional<JobId> after, JobId end) {
    Map<JobId, JobStamp> stamps = new HashMap<>();
    Optional<JobId> from = after;
    while (true) {
      List<JobStamp> page = target.stamps(from, PAGE);
      page.stream()
          .filter(stamp -> stamp.id().compareTo(end) <= 0)
          .forEach(stamp -> stamps.put(stamp.id(), stamp));
      if (page.size() < PAGE || page.get(PAGE - 1).id().compareTo(end) >= 0) {
        return stamps;
      }
      from = Optional.of(page.get(PAGE - 1).id());
    }
  }

  private void compare(List<JobStamp> page, Map<JobId, JobStamp> known) {
    List<JobRecord> records = new ArrayList<>();
    int next = 0;
    while (next < page.size()) {
      int end = next;
      while (end < page.size() && !page.get(end).equals(known.get(page.get(end).id()))) {
        end++;
      }
      if (end > next) {
        read(page.get(next).id(), page.get(end - 1).id(), records);
      }
      next = end + 1;
    }
    page.forEach(stamp -> known.remove(stamp.id()));
    fill(records, List.copyOf(known.keySet()));
  }

  /** Reads the jobs of a range; a large batch is written at once. */
  private void read(JobId first, JobId last, List<JobRecord> records) {
    Optional<JobId> from = Optional.of(first);
    while (from.isPresent()) {
      List<JobRecord> batch = source.records(from.get(), last);
      records.addAll(batch);
      if (weight(records) > Archive.BATCH_BYTES / 2) {
        fill(records, List.of());
        records.clear();
      }
      from = batch.isEmpty() ? Optional.empty() : after(batch.get(batch.size() - 1), last);
    }
  }

  private static Optional<JobId> after(JobRecord record, JobId last) {
    UUID id = record.job().id().value();
    long low = id.getLeastSignificantBits() + 1;
    long high = id.getMostSignificantBits() + (low == 0 ? 1 : 0);
    JobId next = new JobId(new UUID(high, low));
    return record.job().id().compareTo(last) < 0 ? Optional.of(next) : Optional.empty();
  }

  private static long weight(List<JobRecord> records) {
    return records.stream().mapToLong(record -> record.job().payload().length()).sum();
  }

  private void fill(List<JobRecord> records, List<JobId> gone) {
    if (records.isEmpty() && gone.isEmpty()) {
      return;
    }
    target.fill(records, gone);
    copied += records.size() + gone.size();
    records.stream()
        .filter(record -> record.logs().size() == JobRecord.LOG_LINES)
        .forEach(record -> moreLogs(record.job().id()));
  }

  private void moreLogs(JobId id) {
    long n = JobRecord.LOG_LINES;
    List<LogLine> lines = source.logLines(id, n, JobRecord.LOG_LINES);
    while (!lines.isEmpty()) {
      target.loadLogs(id, n, lines);
      n += lines.size();
      lines = source.logLines(id, n, JobRecord.LOG_LINES);
    }
  }

  /** Copies the keys that have outlived their jobs; the others were copied with their jobs. */
  void keys() {
    Optional<KeyRecord> after = Optional.empty();
    while (true) {
      List<KeyRecord> page = source.orphanedKeys(after, PAGE);
      if (page.isEmpty()) {
        return;
      }
      target.loadKeys(page);
      after = Optional.of(page.get(page.size() - 1));
    }
  }
}
