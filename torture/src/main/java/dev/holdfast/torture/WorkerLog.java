package dev.holdfast.torture;

import dev.holdfast.torture.evidence.Effect;
import dev.holdfast.torture.host.LineFile;
import dev.holdfast.torture.host.Rest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The effects log of one worker, for scenarios.
 *
 * @param file the file, which need not exist yet
 */
record WorkerLog(Path file) {

  static WorkerLog of(Path folder, String worker) {
    return new WorkerLog(folder.resolve(worker + Effect.ENDING));
  }

  /** Returns its lines of this kind. */
  List<Effect> effects(Effect.Kind kind) {
    return Files.exists(file)
        ? LineFile.read(file).stream()
            .map(Effect::parse)
            .filter(effect -> effect.kind() == kind)
            .toList()
        : List.of();
  }

  /** Waits for this number of lines of a kind, and returns them. */
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
