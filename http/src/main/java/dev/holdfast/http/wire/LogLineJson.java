package dev.holdfast.http.wire;

import dev.holdfast.JobId;
import dev.holdfast.LogLine;
import dev.holdfast.http.Redaction;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.event.Level;

/** Wire form of a {@link LogLine}. */
public record LogLineJson(
    JobId jobId, int attempt, Instant at, Level level, String message, Optional<RawJson> details) {

  /** Returns a line with everything. */
  public static LogLineJson of(LogLine line) {
    return of(line, Redaction.none());
  }

  /** Returns a line without what is secret in its details. */
  public static LogLineJson of(LogLine line, Redaction redaction) {
    return new LogLineJson(
        line.job(),
        line.attempt(),
        line.at(),
        line.level(),
        line.message(),
        line.details().map(json -> new RawJson(redaction.of("details", json))));
  }

  /** Returns the line. */
  public LogLine line() {
    return new LogLine(jobId, attempt, at, level, message, RawJson.text(details));
  }
}
