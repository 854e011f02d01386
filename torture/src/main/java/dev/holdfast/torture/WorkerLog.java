package dev.holdfast.torture;

import dev.holdfast.torture.evidence.Effect;
import dev.holdfast.torture.host.LineFile;
import dev.holdfast.torture.host.Rest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The effects log of one worker, as a scenario follows it.
 *
 * @param file which need not exist yet
 */
record WorkerLog(Path file) {

  static WorkerLog of(Path folder, String worker) {
    return new WorkerLog(folder.resolve(worker + Effect.ENDING));
  }

  /** Its lines of this kind. */
  List<Effect> effects(Effect.Kind kind) {
    return Files.exists(file)
        ? LineFile.read(file).stream()
            .map(Effect::parse)
            .filter(effect -> effect.kind() == kind)
            .toList()
        : List.of();
  }

  /** Returns the lines of this kind when there are so many. */
  List<Effect> await(Effect.Kind kind, int count) {
    while (true) {
      List<Effect> effects = effects(kind);
      if (effects.size() >= count) {
        return effects;
      }
      Rest.aLittle();
    }
  }
}
