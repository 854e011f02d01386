package dev.holdfast.config;

import dev.holdfast.Schedule;
import dev.holdfast.ScheduleStatus;
import dev.holdfast.Schedules;
import dev.holdfast.Schedules.Declared;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The schedules that a configuration file declares, put into a queue.
 *
 * <p>Schedules in the file are created or changed. Those that an earlier file declared and this one
 * does not stay, as another node may have a file that still has them; they are reported, and {@link
 * #remove} removes them on request.
 */
public final class FileSchedules {
  /** The declarer of these schedules. */
  public static final String DECLARER = "file";

  private FileSchedules() {}

  /**
   * The result of declaring the schedules.
   *
   * @param declared each schedule of the file, in its order
   * @param leftOver the names of those that an earlier file declared and this one does not
   */
  public record Applied(Map<String, Declared> declared, List<String> leftOver) {}

  /**
   * Declares all of them. Repeating it changes nothing; a paused schedule stays paused.
   *
   * @throws dev.holdfast.error.InvalidRequestException if the job of one could not be enqueued;
   *     those before it are declared
   */
  public static Applied apply(List<Schedule> ofFile, Schedules schedules) {
    Map<String, Declared> declared = new LinkedHashMap<>();
    ofFile.forEach(schedule -> declared.put(schedule.name(), schedules.put(schedule)));
    return new Applied(declared, leftOver(declared.keySet(), schedules));
  }

  private static List<String> leftOver(Set<String> names, Schedules schedules) {
    return schedules.list().stream()
        .filter(schedule -> schedule.declaredBy().equals(DECLARER))
        .map(ScheduleStatus::name)
        .filter(name -> !names.contains(name))
        .collect(Collectors.toUnmodifiableList());
  }

  /** Removes the schedules that are left over. @return the names of those that still existed */
  public static List<String> remove(Applied applied, Schedules schedules) {
    return applied.leftOver().stream().filter(schedules::remove).toList();
  }
}
