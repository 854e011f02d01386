package dev.holdfast.torture;

import dev.holdfast.torture.evidence.Blow;
import dev.holdfast.torture.host.LineFile;
import dev.holdfast.torture.host.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Blows that last for a while, with their ends. Not thread-safe. */
final class Spells {
  private record Spell(Blow blow, long untilTicks, Set<String> rows, Runnable end) {
    boolean holdsStore() {
      return blow.process().equals(Blow.STORE);
    }
  }

  private final LineFile file;
  private final List<Spell> active = new ArrayList<>();

  /** Creates a list whose blows are logged to this file. */
  Spells(LineFile file) {
    this.file = file;
  }

  /**
   * Adds a blow that has begun.
   *
   * @param blow the blow, with a moment before its beginning
   * @param rows the rows that it locks
   * @param end ends it
   */
  void begin(Blow blow, Duration time, Set<String> rows, Runnable end) {
    file.append(blow.line());
    active.add(new Spell(blow, Moment.now().ticks() + time.toNanos(), Set.copyOf(rows), end));
  }

  /** Ends the blows whose time is over. */
  void endDue() {
    long now = Moment.now().ticks();
    List.copyOf(active).stream().filter(spell -> now - spell.untilTicks >= 0).forEach(this::end);
  }

  /** Ends all blows. */
  void endAll() {
    List.copyOf(active).forEach(this::end);
  }

  /** Ends a blow, which is logged afterwards, as its effect may last until then. */
  private void end(Spell spell) {
    active.remove(spell);
    spell.end.run();
    file.append(new Blow(Blow.Kind.LET_GO, Moment.now(), spell.blow.process()).line());
  }

  boolean isEmpty() {
    return active.isEmpty();
  }

  /** Returns whether a blow keeps all processes from writing to the store. */
  boolean holdStore() {
    return active.stream().anyMatch(Spell::holdsStore);
  }

  /** Returns whether a blow of this kind lasts. */
  boolean has(Blow.Kind kind) {
    return active.stream().anyMatch(spell -> spell.blow.kind() == kind);
  }

  /** Returns all locked rows. */
  Set<String> rows() {
    Set<String> rows = new HashSet<>();
    active.forEach(spell -> rows.addAll(spell.rows));
    return rows;
  }
}
