package dev.holdfast.config;

import dev.holdfast.NewJob;
import dev.holdfast.Schedule;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.timetable.Cron;
import dev.holdfast.timetable.MissedFires;
import dev.holdfast.timetable.Timetable;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Builds schedules from the values of their keys, and reports combinations that are not allowed.
 */
final class ScheduleChoices {
  private static final List<Key<?>> ALL =
      Keys.all().stream()
          .filter(key -> key.section().equals(Key.SCHEDULES))
          .<Key<?>>map(k -> k)
          .toList();

  private final Choices choices;
  private final Mistakes mistakes;
  private final ToIntFunction<String> attemptsOfType;

  /**
   * @param attemptsOfType the default number of attempts of a type's jobs
   */
  ScheduleChoices(Choices choices, Mistakes mistakes, ToIntFunction<String> attemptsOfType) {
    this.choices = choices;
    this.mistakes = mistakes;
    this.attemptsOfType = attemptsOfType;
  }

  /** Returns the schedule of this name; empty if it has mistakes, which are reported. */
  Optional<Schedule> schedule(String name) {
    Optional<Timetable> timetable = timetable(name);
    Optional<NewJob> job = job(name);
    if (timetable.isEmpty() || job.isEmpty() || isAnyMistaken(name)) {
      return Optional.empty();
    }
    return read(
        Optional.empty(),
        name,
        () ->
            Schedule.of(name, timetable.get(), job.get())
                .missed(
                    new MissedFires(
                        choices.get(ScheduleKeys.MISSED.of(name)),
                        choices.get(ScheduleKeys.MISSED_AFTER.of(name)),
                        choices.get(ScheduleKeys.CATCH_UP.of(name))))
                .overlap(choices.get(ScheduleKeys.OVERLAP.of(name)))
                .declaredBy(FileSchedules.DECLARER));
  }

  private boolean isAnyMistaken(String name) {
    return ALL.stream().anyMatch(key -> choices.isMistaken(key.of(name)));
  }

  private Optional<Timetable> timetable(String name) {
    Key<String> cron = ScheduleKeys.CRON.of(name);
    Key<String> zone = ScheduleKeys.ZONE.of(name);
    Optional<Origin> byCron = place(cron);
    Optional<Origin> byInterval = place(ScheduleKeys.EVERY.of(name));
    if (byCron.isPresent() == byInterval.isPresent()) {
      mistakes.add(
          byInterval.or(() -> anyOrigin(name)).orElse(Origin.DEFAULT),
          "%s.%s %s: expected either cron or every"
              .formatted(
                  Key.SCHEDULES,
                  Printable.of(name),
                  byCron.isPresent() ? "has cron and every" : "has neither cron nor every"));
    }
    Optional<Origin> byZone = choices.origin(zone);
    if (byInterval.isPresent() && byZone.isPresent()) {
      mistakes.add(
          byZone.get(), "%s is for cron: every has no zone, leave it out".formatted(zone.name()));
    }
    Optional<Cron> times =
        choices.find(cron).flatMap(text -> read(byCron, cron.name(), () -> Cron.parse(text)));
    Optional<ZoneId> clock = read(byZone, zone.name(), () -> Schedule.zone(choices.get(zone)));
    if (byInterval.isPresent()) {
      return choices.find(ScheduleKeys.EVERY.of(name)).map(Timetable.Every::new);
    }
    return times.flatMap(each -> clock.map(zoned -> new Timetable.Calendar(each, zoned)));
  }

  /** Returns where the key is set, even if the value is invalid. */
  private Optional<Origin> place(Key<?> key) {
    return choices
        .origin(key)
        .or(() -> choices.isMistaken(key) ? Optional.of(Origin.DEFAULT) : Optional.empty());
  }

  private Optional<NewJob> job(String name) {
    Key<String> type = ScheduleKeys.TYPE.of(name);
    if (place(type).isEmpty()) {
      mistakes.add(
          anyOrigin(name).orElse(Origin.DEFAULT),
          "%s is missing: expected the type of its jobs".formatted(type.name()));
    }
    Key<?> requires = ScheduleKeys.REQUIRES.of(name);
    return choices
        .find(type)
        .flatMap(of -> read(choices.origin(requires), requires.name(), () -> job(name, of)));
  }

  private NewJob job(String name, String type) {
    @Nullable Object payload = choices.find(ScheduleKeys.PAYLOAD.of(name)).orElse(null);
    int attempts =
        choices
            .find(ScheduleKeys.MAX_ATTEMPTS.of(name))
            .orElseGet(() -> attemptsOfType.applyAsInt(type));
    NewJob job =
        NewJob.of(type, payload)
            .on(choices.get(ScheduleKeys.QUEUE.of(name)))
            .priority(choices.get(ScheduleKeys.PRIORITY.of(name)))
            .maxAttempts(attempts);
    job = choices.find(ScheduleKeys.GROUP.of(name)).map(job::group).orElse(job);
    job = choices.find(ScheduleKeys.TIMEOUT.of(name)).map(job::timeout).orElse(job);
    return choices.find(ScheduleKeys.REQUIRES.of(name)).map(job::requires).orElse(job);
  }

  /** Returns the first line that configures the schedule. */
  private Optional<Origin> anyOrigin(String name) {
    return ALL.stream().flatMap(key -> choices.origin(key.of(name)).stream()).findFirst();
  }

  /** Reads a value; what core rejects becomes a mistake that names the key. */
  private <T> Optional<T> read(Optional<Origin> origin, String key, Supplier<T> reader) {
    try {
      return Optional.of(reader.get());
    } catch (InvalidRequestException refused) {
      mistakes.add(
          origin.orElse(Origin.DEFAULT),
          "%s: %s".formatted(key, Printable.of(String.valueOf(refused.getMessage()))));
      return Optional.empty();
    }
  }
}
