package dev.holdfast.config;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.NewJob;
import dev.holdfast.check.Limits;
import dev.holdfast.timetable.MissedFires;
import dev.holdfast.timetable.Overlap;
import dev.holdfast.timetable.Timetable;
import java.time.Duration;
import java.util.Map;

/** The keys of one schedule of a file. */
final class ScheduleKeys {
  private static final MissedFires DEFAULT_MISSED = MissedFires.once();

  static final Key<String> TYPE =
      Key.ofSchedules("type", Kind.name(), "The type of its jobs. It must be named.");

  static final Key<String> CRON =
      Key.ofSchedules(
          "cron",
          Kind.text("a cron expression of five or six fields, in quotes, or @daily and the like"),
          "When it fires; either this or every must be there.");

  static final Key<String> ZONE =
      Key.ofSchedules(
          "zone",
          Kind.text("the name of a time zone"),
          "UTC",
          "By whose clock cron is meant, such as Europe/Berlin.");

  static final Key<Duration> EVERY =
      Key.ofSchedules(
          "every",
          Kind.duration(Timetable.Every.INTERVAL_MIN, Timetable.Every.INTERVAL_MAX),
          "When it fires instead: in intervals from its first declaration on.");

  static final Key<Object> PAYLOAD =
      Key.ofSchedules(
          "payload", Kind.tree(), "The payload of its jobs, with keys below it if need be.");

  static final Key<String> QUEUE =
      Key.ofSchedules("queue", Kind.name(), NewJob.DEFAULT_QUEUE, "The queue of its jobs.");

  static final Key<Integer> PRIORITY =
      Key.ofSchedules(
          "priority",
          Kind.whole(Integer.MIN_VALUE, Integer.MAX_VALUE),
          0,
          "The priority of its jobs; higher runs first.");

  static final Key<String> GROUP =
      Key.ofSchedules("group", Kind.name(), "What its jobs belong to.");

  static final Key<Integer> MAX_ATTEMPTS =
      Key.ofSchedules(
          "max_attempts",
          Kind.whole(1, Limits.ATTEMPTS_MAX),
          "Attempts of its jobs. Without it: as the type says.");

  static final Key<Duration> TIMEOUT =
      Key.ofSchedules(
          "timeout",
          Kind.duration(HandlerPolicy.TIMEOUT_MIN, HandlerPolicy.TIMEOUT_MAX),
          "How long an attempt of its jobs may run. Without it: as the type says.");

  static final Key<Map<String, Object>> REQUIRES =
      Key.ofSchedules(
          "requires",
          Kind.map("capabilities with what is required of them, one below the other"),
          "The capabilities that a worker must have for its jobs.");

  static final Key<MissedFires.Policy> MISSED =
      Key.ofSchedules(
          "missed",
          Kind.choice(MissedFires.Policy.class),
          DEFAULT_MISSED.policy(),
          "What becomes of slots at which no node lived: nothing, one job for all, or a job for"
              + " each.");

  static final Key<Duration> MISSED_AFTER =
      Key.ofSchedules(
          "missed_after",
          Kind.duration(MissedFires.AFTER_MIN, MissedFires.AFTER_MAX),
          DEFAULT_MISSED.after(),
          "From how late on a slot is missed.");

  static final Key<Integer> CATCH_UP =
      Key.ofSchedules(
          "catch_up",
          Kind.whole(1, Limits.CATCH_UP_MAX),
          DEFAULT_MISSED.most(),
          "How many of the newest missed slots are made up for.");

  static final Key<Overlap> OVERLAP =
      Key.ofSchedules(
          "overlap",
          Kind.choice(Overlap.class),
          Overlap.ALLOW,
          "Whether it fires while its job before has not finished.");

  private ScheduleKeys() {}
}
