package dev.holdfast.torture;

import dev.holdfast.torture.evidence.Blow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs each worker as process 1 of its own pid namespace, as in containers that share a volume.
 * Dead processes must be recognized although process ids are useless there.
 */
public final class PidNamespaces implements Scenario {
  private static final List<String> OWN_NAMESPACE =
      List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child");
  private static final Plan PLAN = Plan.small().jobs(4_000).blows(Blow.Kind.KILL, 8);

  /** Runs the command. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Scenario.main(new PidNamespaces());
  }

  @Override
  public boolean run(Path folder) throws IOException, InterruptedException {
    if (!Shell.works(OWN_NAMESPACE, "true")) {
      throw new Skipped("this user may not create pid namespaces (unshare --pid needs root)");
    }
    Stage stage = Stage.plain(folder, PLAN).wrapper(OWN_NAMESPACE);
    return Scenario.tell(
        "two workers, each process 1 of its own namespace", new Report(PLAN, Run.on(stage, PLAN)));
  }
}
