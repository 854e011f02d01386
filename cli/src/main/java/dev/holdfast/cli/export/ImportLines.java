package dev.holdfast.cli.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.JobId;
import dev.holdfast.LogLine;
import dev.holdfast.cli.copy.LeftOut;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Fields;
import dev.holdfast.spi.record.Archive;
import dev.holdfast.spi.record.JobRecord;
import dev.holdfast.spi.record.KeyRecord;
import dev.holdfast.spi.record.QueueRecord;
import dev.holdfast.spi.record.ScheduleRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads an export of {@link ExportLines} and passes it on in batches of a bounded size. */
final class ImportLines {
  private static final int BATCH_JOBS = 500;

  /** Receives the content of the lines. */
  interface Sink {
    /** A sink that discards everything, for checking a file. */
    Sink NOTHING =
        new Sink() {
          @Override
          public void begin(LeftOut left) {}

          @Override
          public void jobs(List<JobRecord> batch) {}

          @Override
          public void queue(QueueRecord queue) {}

          @Override
          public void typeLimit(String type, int concurrency) {}

          @Override
          public void logs(JobId id, long n, List<LogLine> lines) {}

          @Override
          public void key(KeyRecord key) {}

          @Override
          public void schedule(ScheduleRecord schedule) {}
        };

    /** Receives, first of all, what the queue had that is not in the file. */
    void begin(LeftOut left);

    void jobs(List<JobRecord> batch);

    void queue(QueueRecord queue);

    void typeLimit(String type, int concurrency);

    void logs(JobId id, long n, List<LogLine> lines);

    void key(KeyRecord key);

    void schedule(ScheduleRecord schedule);
  }

  private final BufferedReader reader;
  private final Sink sink;
  private final boolean takesRedacted;
  private final List<JobRecord> batch = new ArrayList<>();
  private long batchChars;
  private long number; // of the line
  private long jobs;
  private long keys;
  private long schedules;
  private @Nullable JobId last;

  /**
   * @param takesRedacted whether to accept an export without secrets
   */
  ImportLines(InputStream in, boolean takesRedacted, Sink sink) {
    this.takesRedacted = takesRedacted;
    this.reader = new BufferedReader(new InputStreamReader(in, UTF_8.newDecoder()));
    this.sink = sink;
  }

  /**
   * Reads all lines.
   *
   * @throws InvalidRequestException if a line is invalid, or the last one is missing; the message
   *     has its number
   */
  void read() throws IOException {
    begin();
    while (true) {
      Fields line = next().orElseThrow(() -> refused("is missing: the file was cut off", null));
      try {
        if (line.has("end")) {
          flush();
          end(line);
          return;
        }
        take(line);
      } catch (InvalidRequestException mistake) {
        throw refused(mistake.getMessage(), mistake);
      }
    }
  }

  private void begin() throws IOException {
    Fields first = next().orElseThrow(() -> refused("is missing: the file is empty", null));
    if (first.isNull("holdfast_export")) {
      throw refused("is not the first line of an export: expected {\"holdfast_export\": …", null);
    }
    if (first.number("holdfast_export") != ExportLines.FORMAT) {
      throw refused(
          "has format %s, but this Holdfast reads %d: import with the version that wrote the file, or a newer one"
              .formatted(first.any("holdfast_export"), ExportLines.FORMAT),
          null);
    }
    checkWhole(first);
    sink.begin(leftOut(first));
  }

  /** Reads the counts; files of older versions have none. */
  private static LeftOut leftOut(Fields first) {
    if (first.isNull(ExportLines.LEFT_OUT)) {
      return new LeftOut(0, 0, 0);
    }
    Fields counts = new Fields(first.any(ExportLines.LEFT_OUT));
    return new LeftOut(counts.number("tokens"), counts.number("webhooks"), counts.number("alerts"));
  }

  /**
   * Refuses an export without secrets unless it was asked for, as placeholders would become part of
   * jobs.
   */
  private void checkWhole(Fields first) {
    if (first.has(ExportLines.REDACTED)
        && first.any(ExportLines.REDACTED).booleanValue()
        && !takesRedacted) {
      throw refused(
          "says that secrets were omitted, so jobs would run without them; export with"
              + " --show-secrets, or import with --redacted",
          null);
    }
  }

  private Optional<Fields> next() throws IOException {
    number++;
    String line;
    try {
      line = reader.readLine();
    } catch (CharacterCodingException malformed) {
      throw refused("is not valid UTF-8", malformed);
    }
    if (line == null) {
      return Optional.empty();
    }
    batchChars += line.length();
    try {
      return Optional.of(new Fields(ExactJson.read(line)));
    } catch (InvalidRequestException mistake) {
      throw refused(mistake.getMessage(), mistake);
    }
  }

  private void take(Fields line) {
    if (line.has("id")) {
      batch.add(record(line));
      jobs++;
      if (batch.size() == BATCH_JOBS || batchChars >= Archive.BATCH_BYTES) {
        flush();
      }
    } else if (line.has("logs_of")) {
      flush();
      JobId id = JobId.parse(line.text("logs_of"));
      sink.logs(id, line.number("after"), RecordJson.logLines(id, line));
    } else if (line.has(QueueRecordJson.QUEUE)) {
      flush();
      sink.queue(QueueRecordJson.record(line));
    } else if (line.has(ExportLines.LIMIT_OF_TYPE)) {
      flush();
      sink.typeLimit(line.text(ExportLines.LIMIT_OF_TYPE), limit(line));
    } else if (line.has("orphaned_key")) {
      flush();
      sink.key(RecordJson.key(line));
      keys++;
    } else if (line.has("schedule")) {
      flush();
      sink.schedule(ScheduleRecordJson.record(line));
      schedules++;
    } else {
      throw new InvalidRequestException("is not a line of an export");
    }
  }

  private static int limit(Fields line) {
    int concurrency = line.count("concurrency");
    if (concurrency < 1) {
      throw new InvalidRequestException(
          "has a limit of %d: expected at least 1".formatted(concurrency));
    }
    return concurrency;
  }

  private JobRecord record(Fields line) {
    JobRecord record = RecordJson.record(line);
    if (last != null && last.compareTo(record.job().id()) >= 0) {
      throw new InvalidRequestException("has a job whose id is not greater than the one before");
    }
    last = record.job().id();
    return record;
  }

  private void flush() {
    if (!batch.isEmpty()) {
      sink.jobs(List.copyOf(batch));
      batch.clear();
    }
    batchChars = 0;
  }

  private void end(Fields line) {
    if (line.number("jobs") != jobs || line.number("keys") != keys) {
      throw new InvalidRequestException(
          "counts %d jobs and %d keys, but there were %d and %d"
              .formatted(line.number("jobs"), line.number("keys"), jobs, keys));
    }
    long counted = line.has("schedules") ? line.number("schedules") : 0;
    if (counted != schedules) {
      throw new InvalidRequestException(
          "counts %d schedules, but there were %d".formatted(counted, schedules));
    }
  }

  private InvalidRequestException refused(@Nullable String mistake, @Nullable Exception cause) {
    String message = "line %d %s".formatted(number, mistake);
    return cause == null
        ? new InvalidRequestException(message)
        : new InvalidRequestException(message, cause);
  }
}
