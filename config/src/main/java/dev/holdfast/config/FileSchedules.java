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
 * <p>What stands in the file is created or changed. What a file had declared and is not in this one
 * stays, as another node may have a file that still has it; it is named, and {@link #remove}
 * removes it when somebody asks for that.
 */
public final class FileSchedules {
  /** By whom they are declared. */
  public static final String DECLARER = "file";

  private FileSchedules() {}

  /**
   * What was done.
   *
   * @param declared each schedule of the file, in its order
   * @param leftOver the names of those that a file had declared and that are not in this one
   */
  public record Applied(Map<String, Declared> declared, List<String> leftOver) {}

  /**
   * Declares all of them. Again it changes nothing; a schedule that is paused stays so.
   *
   * @throws dev.holdfast.InvalidRequestException if one could not be enqueued; those before it are
   *     declared
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

  /** Removes what is left over. @return the names of those that were still there */
  public static List<String> remove(Applied applied, Schedules schedules) {
    return applied.leftOver().stream().filter(schedules::remove).toList();
  }
}
