package dev.holdfast.http.wire;

import dev.holdfast.Failure;
import dev.holdfast.FailureGroup;
import dev.holdfast.FailureGroup.Mute;
import dev.holdfast.Fingerprint;
import dev.holdfast.JobId;
import java.time.Instant;
import java.util.Optional;

/** Wire form of a {@link FailureGroup}: dead letters that failed for the same reason. */
public record FailureGroupJson(
    Fingerprint fingerprint,
    String type,
    Failure.Kind kind,
    String message,
    long jobs,
    Instant firstAt,
    Instant lastAt,
    JobId example,
    String exampleMessage,
    boolean muted,
    Optional<Instant> mutedUntil,
    Optional<String> mutedBy) {

  /** Returns a group. */
  public static FailureGroupJson of(FailureGroup group) {
    return new FailureGroupJson(
        group.fingerprint(),
        group.type(),
        group.failure().kind(),
        group.message(),
        group.jobs(),
        group.first(),
        group.last(),
        group.example(),
        group.failure().message(),
        group.mute().isPresent(),
        group.mute().flatMap(Mute::until),
        group.mute().map(Mute::by));
  }

  /** Returns the group. */
  public FailureGroup group() {
    return new FailureGroup(
        fingerprint,
        type,
        Failure.of(kind, exampleMessage),
        jobs,
        firstAt,
        lastAt,
        example,
        muted ? Optional.of(new Mute(mutedUntil, mutedBy.orElse(""))) : Optional.empty());
  }
}
