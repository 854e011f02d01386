package dev.holdfast.server.worker;

import dev.holdfast.Failure;
import dev.holdfast.Outcome;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.check.Durations;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The ways to end an attempt, each with the fields of its body. */
enum Ending {
  /** The job completed, with a result. */
  COMPLETE("result") {
    @Override
    Outcome outcome(Fields fields, RecoveryPolicy recovery) {
      return new Outcome.Completed(result(fields));
    }
  },
  /** The attempt failed; the type's policy decides on a retry unless the body does. */
  FAIL("failure", "retry", "retry_in") {
    @Override
    Outcome outcome(Fields fields, RecoveryPolicy recovery) {
      boolean retry = fields.isNull("retry") || fields.flag("retry");
      Failure failure = failure(fields, retry ? Failure.Kind.ERROR : Failure.Kind.NOT_RETRYABLE);
      if (!retry) {
        return new Outcome.GaveUp(failure);
      }
      return fields
          .maybeText("retry_in")
          .<Outcome>map(delay -> new Outcome.RetryIn(Durations.parse(delay), failure))
          .orElseGet(() -> new Outcome.Failed(failure));
    }
  },
  /** The job runs again after a delay, which is not a failure. */
  SNOOZE("delay") {
    @Override
    Outcome outcome(Fields fields, RecoveryPolicy recovery) {
      return Outcome.snooze(Durations.parse(fields.text("delay")));
    }
  },
  /**
   * The attempt was interrupted, as its worker stops; by default the job returns to the queue and
   * no attempt is counted.
   */
  RELEASE("reason") {
    @Override
    Outcome outcome(Fields fields, RecoveryPolicy recovery) {
      String reason = fields.maybeText("reason").orElse("its worker gave it back");
      return new Outcome.Interrupted(recovery, reason);
    }
  };

  private static final Map<String, Ending> BY_WORD =
      Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Ending::word, own -> own));

  @SuppressWarnings("ImmutableEnumChecker") // never changed
  private final Set<String> fields = new TreeSet<>(Set.of("lease", "ran_ms"));

  @SuppressWarnings("ImmutableEnumChecker") // never changed
  private final Set<String> fieldsInList = new TreeSet<>(Set.of("id", "how"));

  Ending(String... own) {
    fields.addAll(List.of(own));
    fieldsInList.addAll(fields);
  }

  /**
   * Returns the outcome of the attempt.
   *
   * @param recovery the worker's recovery policy for interrupted jobs
   */
  abstract Outcome outcome(Fields body, RecoveryPolicy recovery);

  /** Returns the fields of its body. */
  Set<String> fields() {
    return Collections.unmodifiableSet(fields);
  }

  /** Returns its fields in a list of ends. */
  Set<String> fieldsInList() {
    return Collections.unmodifiableSet(fieldsInList);
  }

  /** Returns the word for paths and bodies. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the ending of this word.
   *
   * @throws InvalidRequestException if there is none
   */
  static Ending of(String word) {
    Ending known = BY_WORD.get(word);
    if (known == null) {
      throw new InvalidRequestException(
          "field 'how' is '%s', expected one of %s"
              .formatted(word, Arrays.stream(values()).map(Ending::word).toList()));
    }
    return known;
  }

  private static Optional<String> result(Fields fields) {
    if (fields.isNull("result")) {
      return Optional.empty();
    }
    String json = Json.write(fields.any("result"));
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Limits.RESULT_BYTES_MAX) {
      throw new InvalidRequestException(
          "the result has %,d bytes of JSON, at most %,d are kept: store it elsewhere and return where"
              .formatted(bytes, Limits.RESULT_BYTES_MAX));
    }
    return Optional.of(json);
  }

  private static Failure failure(Fields fields, Failure.Kind kind) {
    Fields failure =
        fields
            .maybeObject("failure")
            .orElseThrow(
                () -> new InvalidRequestException("has no field 'failure' with a message"));
    return new Failure(kind, failure.text("message"), failure.maybeText("trace").orElse(""));
  }
}
