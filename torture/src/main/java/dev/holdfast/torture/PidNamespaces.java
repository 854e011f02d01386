package dev.holdfast.torture;

import dev.holdfast.torture.evidence.Blow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Each worker is process 1 of a pid namespace of its own, as in containers that share a volume: a
 * process id tells nothing there, and yet the dead must be told from the living.
 */
public final class PidNamespaces implements Scenario {
  private static final List<String> OWN_NAMESPACE =
      List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child");
  private static final Plan PLAN = Plan.small().jobs(4_000).blows(Blow.Kind.KILL, 8);

  /** The command. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Scenario.main(new PidNamespaces());
  }

  @Override
  public boolean run(Path folder) throws IOException, InterruptedException {
    if (!Shell.works(OWN_NAMESPACE, "true")) {
      throw new Skipped("this user may not make pid namespaces (unshare --pid needs root)");
    }
    Stage stage = Stage.plain(folder, PLAN).wrapper(OWN_NAMESPACE);
    return Scenario.tell(
        "two workers, each process 1 of its own namespace", new Report(PLAN, Run.on(stage, PLAN)));
  }
}
