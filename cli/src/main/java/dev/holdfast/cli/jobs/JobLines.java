package dev.holdfast.cli.jobs;

import dev.holdfast.NewJob;
import dev.holdfast.cli.options.JobTemplate;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads jobs, one JSON object a line, in batches of a bounded size. */
final class JobLines {
  private static final int JOBS_MAX = 10_000;
  private static final long CHARS_MAX = 16 << 20;

  private final BufferedReader reader;
  private final JobTemplate template;
  private long number;
  private long enqueued;

  /** Creates a reader whose lines override {@code template}. */
  JobLines(InputStream in, JobTemplate template) {
    this.reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
    this.template = template;
  }

  /** Returns the next batch; empty at the end. */
  List<NewJob> next() throws IOException {
    List<NewJob> jobs = new ArrayList<>();
    long chars = 0;
    while (jobs.size() < JOBS_MAX && chars < CHARS_MAX) {
      String line = read();
      if (line == null) {
        break;
      }
      number++;
      chars += line.length();
      if (!line.isBlank()) {
        jobs.add(job(line));
      }
    }
    enqueued += jobs.size();
    return jobs;
  }

  private @Nullable String read() throws IOException {
    try {
      return reader.readLine();
    } catch (CharacterCodingException malformed) {
      throw refused("is not valid UTF-8", malformed);
    }
  }

  private NewJob job(String line) {
    try {
      return template.with(Json.read("it", line)).job();
    } catch (InvalidRequestException mistake) {
      throw refused("is not a valid job: " + mistake.getMessage(), mistake);
    }
  }

  private InvalidRequestException refused(String mistake, Exception cause) {
    return new InvalidRequestException(
        "line %d %s; %s"
            .formatted(
                number,
                mistake,
                enqueued == 0
                    ? "nothing was enqueued"
                    : "%d jobs before it were enqueued".formatted(enqueued)),
        cause);
  }
}
