package dev.holdfast.timetable;

import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cron expression: a set of local times.
 *
 * <p>Five fields – minute, hour, day of month, month, day of week – or six with the second before
 * them; or a word such as {@code @daily}. A field is {@code *} or a list of numbers, names, ranges
 * ({@code 8-18}), and steps ({@code *}{@code /5}, {@code 8-18/2}, {@code 5/15}). In the day of the
 * month also {@code L} (the last), {@code L-3}, {@code LW} (the last working day) and {@code 15W}
 * (the working day nearest to the 15th, in the same month); in the day of the week {@code MON#2}
 * (the second Monday) and {@code FRIL} (the last Friday). {@code ?} is {@code *} in either. When
 * neither of these two fields begins with {@code *} or is {@code ?}, a day needs to match one of
 * them only.
 *
 * <p>When clocks are changed:
 *
 * <ul>
 *   <li>Skipped local times: what was due at them happens once, at the first instant afterwards. An
 *       expression for every hour of the day continues with the next hour instead.
 *   <li>Repeated local times: the first of the two counts. If minute or hour begins with {@code *},
 *       both do.
 * </ul>
 *
 * Immutable. Two are equal when they are written the same.
 */
public final class Cron {
  private final String text;
  private final CronTimes times;
  private final CronDays days;
  private final boolean followsTheClock;

  /**
   * @param followsTheClock whether it matches again when a local time is repeated
   */
  Cron(String text, CronTimes times, CronDays days, boolean followsTheClock) {
    this.text = text;
    this.times = times;
    this.days = days;
    this.followsTheClock = followsTheClock;
  }

  /**
   * Reads an expression of at most {@link Limits#CRON_CHARS_MAX} characters.
   *
   * @throws InvalidRequestException if it is malformed or never matches; the message names the
   *     field, the position and what is allowed
   */
  public static Cron parse(String expression) {
    return new CronParser(expression).parse();
  }

  /**
   * Returns the first time after {@code after}, by the clock of {@code zone}; empty if it is after
   * the year 9999.
   */
  public Optional<Instant> next(Instant after, ZoneId zone) {
    ZoneRules rules = zone.getRules();
    @Nullable Instant from = after.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    while (from != null) {
      @Nullable ZoneOffsetTransition change = changeAt(rules, from);
      if (change != null && change.isGap() && isLeftOut(change)) {
        return Optional.of(from);
      }
      ZoneOffset offset = rules.getOffset(from);
      Optional<LocalDateTime> local = atOrAfter(unseen(rules, from, offset));
      @Nullable ZoneOffsetTransition next = rules.nextTransition(from);
      if (local.isEmpty() && next == null) {
        return Optional.empty();
      }
      if (local.isPresent() && (next == null || local.get().isBefore(next.getDateTimeBefore()))) {
        return Optional.of(local.get().toInstant(offset));
      }
      from = local.isEmpty() || next == null ? null : next.getInstant();
    }
    return Optional.empty();
  }

  private static @Nullable ZoneOffsetTransition changeAt(ZoneRules rules, Instant instant) {
    @Nullable ZoneOffsetTransition change = rules.previousTransition(instant.plusNanos(1));
    return change != null && change.getInstant().equals(instant) ? change : null;
  }

  private boolean isLeftOut(ZoneOffsetTransition gap) {
    return !times.isEveryHour()
        && atOrAfter(gap.getDateTimeBefore())
            .filter(local -> local.isBefore(gap.getDateTimeAfter()))
            .isPresent();
  }

  /**
   * Returns the local time at {@code from}, or the first one after it that has not occurred before.
   */
  private LocalDateTime unseen(ZoneRules rules, Instant from, ZoneOffset offset) {
    LocalDateTime local = LocalDateTime.ofEpochSecond(from.getEpochSecond(), 0, offset);
    if (followsTheClock) {
      return local;
    }
    @Nullable ZoneOffsetTransition change = rules.previousTransition(from.plusNanos(1));
    boolean isRepeated =
        change != null && change.isOverlap() && local.isBefore(change.getDateTimeBefore());
    return isRepeated ? change.getDateTimeBefore() : local;
  }

  private Optional<LocalDateTime> atOrAfter(LocalDateTime from) {
    Optional<LocalDate> day = days.atOrAfter(from.toLocalDate());
    if (day.isPresent() && day.get().equals(from.toLocalDate())) {
      Optional<LocalTime> time = times.atOrAfter(from.toLocalTime());
      if (time.isPresent()) {
        return time.map(day.get()::atTime);
      }
      day = days.atOrAfter(day.get().plusDays(1));
    }
    return day.map(found -> found.atTime(times.first()));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Cron cron && key().equals(cron.key());
  }

  @Override
  public int hashCode() {
    return key().hashCode();
  }

  private String key() {
    return text.toUpperCase(Locale.ROOT);
  }

  /** Returns the expression as it was given, with single spaces. */
  @Override
  public String toString() {
    return text;
  }
}
