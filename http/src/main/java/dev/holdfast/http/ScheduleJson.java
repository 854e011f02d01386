package dev.holdfast.http;

import dev.holdfast.Schedule;
import dev.holdfast.check.Durations;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.timetable.Cron;
import dev.holdfast.timetable.MissedFires;
import dev.holdfast.timetable.Overlap;
import dev.holdfast.timetable.Timetable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Converts declarations of schedules from and to JSON. */
public final class ScheduleJson {
  private static final Set<String> FIELDS =
      new TreeSet<>(
          Set.of("cron", "zone", "every", "job", "missed", "missed_after", "catch_up", "overlap"));

  private ScheduleJson() {}

  /**
   * Reads the declaration of a schedule.
   *
   * @param name the name of the schedule
   * @param attempts the maximum number of attempts of a type's jobs that do not set it
   * @throws InvalidRequestException naming the field, its value and what is expected
   */
  public static Schedule read(String name, JsonNode node, ToIntFunction<String> attempts) {
    NewJobJson.checkFields("a schedule", node, FIELDS);
    Fields fields = new Fields(node);
    Schedule schedule =
        Schedule.of(name, timetable(fields), NewJobJson.read(fields.any("job"), attempts))
            .missed(missed(fields));
    return fields.isNull("overlap")
        ? schedule
        : schedule.overlap(fields.word("overlap", Overlap.class));
  }

  private static Timetable timetable(Fields fields) {
    if (fields.isNull("cron") == fields.isNull("every")) {
      throw new InvalidRequestException("specify either cron or every");
    }
    if (fields.isNull("every")) {
      return new Timetable.Calendar(
          Cron.parse(fields.text("cron")), Schedule.zone(fields.maybeText("zone").orElse("UTC")));
    }
    if (!fields.isNull("zone")) {
      throw new InvalidRequestException("a zone requires cron: intervals have none");
    }
    return new Timetable.Every(Durations.parse(fields.text("every")));
  }

  private static MissedFires missed(Fields fields) {
    MissedFires defaults = MissedFires.once();
    Duration after =
        fields.maybeText("missed_after").map(Durations::parse).orElse(defaults.after());
    return new MissedFires(
        fields.isNull("missed")
            ? defaults.policy()
            : fields.word("missed", MissedFires.Policy.class),
        after,
        fields.isNull("catch_up") ? defaults.most() : fields.count("catch_up"));
  }

  /**
   * Writes the declaration of a schedule, as {@link #read} reads it.
   *
   * @throws InvalidRequestException if the payload of its job cannot be written as JSON
   */
  public static Map<String, @Nullable Object> write(Schedule schedule) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    if (schedule.timetable() instanceof Timetable.Calendar calendar) {
      fields.put("cron", calendar.cron().toString());
      fields.put("zone", calendar.zone().getId());
    } else if (schedule.timetable() instanceof Timetable.Every every) {
      fields.put("every", Durations.write(every.interval()));
    }
    fields.put("job", NewJobJson.write(schedule.job()));
    fields.put("missed", schedule.missed().policy().name());
    fields.put("missed_after", Durations.write(schedule.missed().after()));
    fields.put("catch_up", schedule.missed().most());
    fields.put("overlap", schedule.overlap().name());
    return fields;
  }
}
