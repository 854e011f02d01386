package dev.holdfast.cli.work;

import dev.holdfast.Holdfast;
import dev.holdfast.Schedules.Declared;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.config.Configuration;
import dev.holdfast.config.FileSchedules;
import java.util.Locale;

/** Declares the schedules of the configuration file, if there is one, and reports changes. */
final class FileScheduleReport {
  private FileScheduleReport() {}

  static void declare(Configuration configuration, Holdfast holdfast, Console console) {
    if (configuration.file().isEmpty()) {
      return;
    }
    FileSchedules.Applied applied =
        FileSchedules.apply(configuration.settings().schedules(), holdfast.queue().schedules());
    applied
        .declared()
        .forEach(
            (name, declared) -> {
              if (declared != Declared.UNCHANGED) {
                console.say(
                    "schedule '%s' was %s"
                        .formatted(name, declared.name().toLowerCase(Locale.ROOT)));
              }
            });
    applied
        .leftOver()
        .forEach(
            name ->
                console.say(
                    "schedule '%s' was declared by a configuration file and is not in this one; it keeps firing: remove it with holdfast schedule apply --prune"
                        .formatted(name)));
  }
}
