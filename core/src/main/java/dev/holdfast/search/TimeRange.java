package dev.holdfast.search;

import dev.holdfast.check.Check;
import dev.holdfast.check.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A span of time: from its beginning (included) to its end (not included). Each of the two is an
 * instant of the years 1 to 9999, or an age of at most 36,500 days: so long before now, by the
 * clock of the store.
 */
public final class TimeRange {
  private static final TimeRange ANY =
      new TimeRange(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  private final Optional<Instant> since;
  private final Optional<Duration> sinceAge;
  private final Optional<Instant> until;
  private final Optional<Duration> untilAge;

  private TimeRange(
      Optional<Instant> since,
      Optional<Duration> sinceAge,
      Optional<Instant> until,
      Optional<Duration> untilAge) {
    this.since = since;
    this.sinceAge = sinceAge;
    this.until = until;
    this.untilAge = untilAge;
    since.ifPresent(time -> Check.time("the beginning", time));
    until.ifPresent(time -> Check.time("the end", time));
    sinceAge.ifPresent(age -> Check.length("the age", age));
    untilAge.ifPresent(age -> Check.length("the age", age));
    if (since.isPresent() && until.isPresent()) {
      Check.that(
          since.get().isBefore(until.get()),
          "a span of time must begin before it ends, was %s to %s",
          since.get(),
          until.get());
    }
  }

  /** Includes every time, and jobs that do not have that time. */
  public static TimeRange any() {
    return ANY;
  }

  /** Restricts the range to times from this instant on. */
  public TimeRange since(Instant begin) {
    return new TimeRange(Optional.of(begin), Optional.empty(), until, untilAge);
  }

  /** Restricts the range to times that are not longer ago than this. */
  public TimeRange since(Duration age) {
    return new TimeRange(Optional.empty(), Optional.of(age), until, untilAge);
  }

  /** Restricts the range to times before this instant. */
  public TimeRange until(Instant end) {
    return new TimeRange(since, sinceAge, Optional.of(end), Optional.empty());
  }

  /** Restricts the range to times that are longer ago than this. */
  public TimeRange until(Duration age) {
    return new TimeRange(since, sinceAge, Optional.empty(), Optional.of(age));
  }

  /** Returns the beginning, if it is an instant. */
  public Optional<Instant> since() {
    return since;
  }

  /** Returns the beginning, if it is an age. */
  public Optional<Duration> sinceAge() {
    return sinceAge;
  }

  /** Returns the end, if it is an instant. */
  public Optional<Instant> until() {
    return until;
  }

  /** Returns the end, if it is an age. */
  public Optional<Duration> untilAge() {
    return untilAge;
  }

  /** Returns whether every time is included. */
  public boolean isAny() {
    return equals(ANY);
  }

  /** Returns the same range with instants in place of ages. */
  public TimeRange at(Instant now) {
    return new TimeRange(
        since.or(() -> sinceAge.map(now::minus)),
        Optional.empty(),
        until.or(() -> untilAge.map(now::minus)),
        Optional.empty());
  }

  /**
   * Returns whether a time is included.
   *
   * @throws IllegalStateException if an end is an age: {@link #at} replaces it
   */
  public boolean contains(Instant time) {
    if (sinceAge.isPresent() || untilAge.isPresent()) {
      throw new IllegalStateException("a range of ages was not resolved: a bug");
    }
    return since.map(begin -> !time.isBefore(begin)).orElse(true)
        && until.map(time::isBefore).orElse(true);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TimeRange range
        && since.equals(range.since)
        && sinceAge.equals(range.sinceAge)
        && until.equals(range.until)
        && untilAge.equals(range.untilAge);
  }

  @Override
  public int hashCode() {
    return Objects.hash(since, sinceAge, until, untilAge);
  }

  @Override
  public String toString() {
    return "%s to %s".formatted(side(since, sinceAge), side(until, untilAge));
  }

  private static String side(Optional<Instant> instant, Optional<Duration> age) {
    return instant
        .map(Instant::toString)
        .or(() -> age.map(ago -> Durations.write(ago) + " ago"))
        .orElse("any");
  }
}
