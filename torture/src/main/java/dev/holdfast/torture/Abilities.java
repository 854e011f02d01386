package dev.holdfast.torture;

import dev.holdfast.torture.evidence.Blow;
import dev.holdfast.torture.host.SmallDisk;
import dev.holdfast.torture.host.SteppedClock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The blows that a ground and this machine allow. */
final class Abilities {
  private static final Set<Blow.Kind> OF_CLOCKS =
      Set.of(Blow.Kind.CLOCK_FORWARD, Blow.Kind.CLOCK_BACK);

  private Abilities() {}

  /** Returns this number of blows of each kind that the ground allows. */
  static Map<Blow.Kind, Integer> every(Ground ground, int count) {
    Map<Blow.Kind, Integer> blows = new EnumMap<>(Blow.Kind.class);
    for (Blow.Kind kind : Blow.Kind.values()) {
      boolean isBlow = !Blow.Kind.ENDS.contains(kind) && kind != Blow.Kind.POWER_CUT;
      Set<Blow.Kind> others = ground.isSqlite() ? Blow.Kind.OF_SERVERS : Blow.Kind.OF_FILES;
      if (isBlow && !others.contains(kind)) {
        blows.put(kind, count);
      }
    }
    return blows;
  }

  /** Returns the plan without blows that this machine does not allow, and reports those. */
  static Plan allowed(Plan plan, Consumer<String> say) {
    Plan allowed = plan;
    if (plan.has(Blow.Kind.FILL_DISK) && !SmallDisk.isPossible()) {
      say.accept("skipped: full disks, as no file system can be mounted; that takes root");
      allowed = allowed.blows(Blow.Kind.FILL_DISK, 0);
    }
    if (OF_CLOCKS.stream().anyMatch(plan::has) && !SteppedClock.isInstalled()) {
      say.accept("skipped: clock steps, as libfaketime is missing (Debian: apt install faketime)");
      for (Blow.Kind kind : List.copyOf(OF_CLOCKS)) {
        allowed = allowed.blows(kind, 0);
      }
    }
    return allowed;
  }
}
