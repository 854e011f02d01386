package dev.holdfast.http.wire;

import dev.holdfast.spi.upkeep.Optimized;
import dev.holdfast.spi.upkeep.Space;
import java.util.List;
import java.util.Optional;

/** Wire form of an {@link Optimized}: the space of a database before and after. */
public record OptimizedJson(SpaceJson before, SpaceJson after, List<String> notes) {

  /** Wire form of a {@link Space}. */
  public record SpaceJson(long bytes, Optional<Long> freeBytes, Optional<Long> deadRows) {
    static SpaceJson of(Space space) {
      return new SpaceJson(space.bytes(), space.freeBytes(), space.deadRows());
    }

    Space space() {
      return new Space(bytes, freeBytes, deadRows);
    }
  }

  /** Returns a result. */
  public static OptimizedJson of(Optimized optimized) {
    return new OptimizedJson(
        SpaceJson.of(optimized.before()), SpaceJson.of(optimized.after()), optimized.notes());
  }

  /** Returns the result. */
  public Optimized optimized() {
    return new Optimized(before.space(), after.space(), notes);
  }
}
