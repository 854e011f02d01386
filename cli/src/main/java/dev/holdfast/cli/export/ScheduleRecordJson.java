package dev.holdfast.cli.export;

import dev.holdfast.JobId;
import dev.holdfast.http.Fields;
import dev.holdfast.spi.record.ScheduleRecord;
import dev.holdfast.timetable.MissedFires;
import dev.holdfast.timetable.Overlap;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Converts schedules to lines of an export, and back. */
final class ScheduleRecordJson {
  private ScheduleRecordJson() {}

  static Map<String, @Nullable Object> of(
      ScheduleRecord schedule, ExportRedaction exportRedaction) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("schedule", schedule.name());
    fields.put("cron", schedule.cron().orElse(null));
    fields.put("every_us", schedule.every().map(every -> every.toNanos() / 1_000).orElse(null));
    fields.put("zone", schedule.zone());
    ExactJson.put(fields, "job", exportRedaction.of("", schedule.job()));
    fields.put("missed", schedule.missed().policy().name());
    fields.put("missed_after_us", schedule.missed().after().toNanos() / 1_000);
    fields.put("catch_up", schedule.missed().most());
    fields.put("overlap", schedule.overlap().name());
    fields.put("declared_by", schedule.declaredBy());
    fields.put("paused_at", text(schedule.pausedAt()));
    fields.put("next_slot", text(schedule.nextSlot()));
    fields.put("last_slot", text(schedule.lastSlot()));
    fields.put("last_job", schedule.lastJob().map(JobId::toString).orElse(null));
    fields.put("version", schedule.version());
    fields.put("created_at", schedule.createdAt().toString());
    fields.put("updated_at", schedule.updatedAt().toString());
    return fields;
  }

  private static @Nullable String text(Optional<Instant> instant) {
    return instant.map(Instant::toString).orElse(null);
  }

  static ScheduleRecord record(Fields fields) {
    return new ScheduleRecord(
        fields.text("schedule"),
        fields.maybeText("cron"),
        fields.maybeNumber("every_us").map(ScheduleRecordJson::micros),
        fields.text("zone"),
        ExactJson.get(fields, "job"),
        new MissedFires(
            fields.word("missed", MissedFires.Policy.class),
            micros(fields.number("missed_after_us")),
            fields.count("catch_up")),
        fields.word("overlap", Overlap.class),
        fields.text("declared_by"),
        fields.maybeInstant("paused_at"),
        fields.maybeInstant("next_slot"),
        fields.maybeInstant("last_slot"),
        fields.maybeText("last_job").map(JobId::parse),
        fields.number("version"),
        fields.instant("created_at"),
        fields.instant("updated_at"));
  }

  private static Duration micros(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS);
  }
}
