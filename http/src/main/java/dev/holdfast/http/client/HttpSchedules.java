package dev.holdfast.http.client;

import static dev.holdfast.http.client.Request.encoded;

import dev.holdfast.JobId;
import dev.holdfast.Schedule;
import dev.holdfast.ScheduleFire;
import dev.holdfast.ScheduleStatus;
import dev.holdfast.Schedules;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.ScheduleJson;
import dev.holdfast.timetable.Cron;
import dev.holdfast.timetable.MissedFires;
import dev.holdfast.timetable.Overlap;
import dev.holdfast.timetable.Timetable;
import java.util.List;
import java.util.Optional;

/** The schedules of a queue behind a server. */
final class HttpSchedules implements Schedules {
  private static final int FIRES_MAX = 1_000;

  private final Transport transport;

  HttpSchedules(Transport transport) {
    this.transport = transport;
  }

  private static String path(String name) {
    return "/schedules/" + encoded(name);
  }

  @Override
  public Declared put(Schedule schedule) {
    Request request = Request.put(path(schedule.name()), ScheduleJson.write(schedule));
    return transport.call(request).read(answer -> answer.word("declared", Declared.class));
  }

  @Override
  public List<ScheduleStatus> list() {
    return transport.call(Request.get("/schedules")).list("schedules", HttpSchedules::schedule);
  }

  @Override
  public Optional<ScheduleStatus> find(String name) {
    try {
      return Optional.of(transport.call(Request.get(path(name))).read(HttpSchedules::schedule));
    } catch (NotFoundException none) {
      return Optional.empty();
    }
  }

  @Override
  public List<ScheduleFire> fires(String name, int limit) {
    if (limit < 1) {
      return List.of();
    }
    try {
      return transport
          .call(Request.get(path(name)).query("fires", Math.min(limit, FIRES_MAX)))
          .list("fires", HttpSchedules::fire);
    } catch (NotFoundException none) {
      return List.of();
    }
  }

  /**
   * Pauses a schedule. The previous state is read first, so two concurrent callers may both get
   * true.
   */
  @Override
  public boolean pause(String name) {
    boolean wasPaused = isPaused(name);
    Reply unused = transport.call(Request.post(path(name) + "/pause").harmless());
    return !wasPaused;
  }

  @Override
  public boolean resume(String name) {
    boolean wasPaused = isPaused(name);
    Reply unused = transport.call(Request.post(path(name) + "/resume").harmless());
    return wasPaused;
  }

  private boolean isPaused(String name) {
    return transport
        .call(Request.get(path(name)))
        .read(HttpSchedules::schedule)
        .pausedAt()
        .isPresent();
  }

  @Override
  public JobId trigger(String name) {
    return transport.call(Request.post(path(name) + "/run")).read(answer -> answer.jobId("job_id"));
  }

  @Override
  public boolean remove(String name) {
    try {
      Reply unused = transport.call(Request.delete(path(name)));
      return true;
    } catch (NotFoundException none) {
      return false;
    }
  }

  private static ScheduleStatus schedule(Fields schedule) {
    return new ScheduleStatus(
        schedule.text("name"),
        timetable(schedule),
        schedule.any("job").toString(),
        new MissedFires(
            schedule.word("missed", MissedFires.Policy.class),
            schedule.seconds("missed_after_seconds"),
            schedule.count("catch_up")),
        schedule.word("overlap", Overlap.class),
        schedule.text("declared_by"),
        schedule.maybeInstant("paused_at"),
        schedule.maybeInstant("next_slot"),
        schedule.maybeInstant("last_slot"),
        schedule.maybeText("last_job").map(JobId::parse),
        schedule.instant("created_at"),
        schedule.instant("updated_at"));
  }

  private static Timetable timetable(Fields schedule) {
    Optional<String> cron = schedule.maybeText("cron");
    if (cron.isPresent()) {
      return new Timetable.Calendar(Cron.parse(cron.get()), Schedule.zone(schedule.text("zone")));
    }
    return new Timetable.Every(
        schedule
            .maybeSeconds("every_seconds")
            .orElseThrow(() -> new InvalidRequestException("a schedule has no timetable")));
  }

  private static ScheduleFire fire(Fields fire) {
    return new ScheduleFire(
        fire.instant("slot"),
        fire.word("kind", ScheduleFire.Kind.class),
        fire.maybeText("job_id").map(JobId::parse),
        fire.instant("fired_at"));
  }
}
