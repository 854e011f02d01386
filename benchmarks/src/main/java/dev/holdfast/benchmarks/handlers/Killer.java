package dev.holdfast.benchmarks.handlers;

import dev.holdfast.Holdfast;
import dev.holdfast.NodeConfig;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A handler that ends its whole process, which {@link #main} runs. */
enum Killer {
  EXITS {
    @Override
    void kill() {
      System.exit(3);
    }
  },
  HALTS {
    @Override
    void kill() {
      Runtime.getRuntime().halt(4);
    }
  },
  KILLS_ITS_PROCESS {
    @Override
    void kill() throws IOException, InterruptedException {
      String self = Long.toString(ProcessHandle.current().pid());
      new ProcessBuilder("kill", "-9", self).start().waitFor();
      TimeUnit.HOURS.sleep(1);
    }
  };

  abstract void kill() throws Exception;

  String type() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Runs a node on the database of the argument, with killers and slow jobs. */
  public static void main(String[] args) throws Exception {
    Holdfast holdfast = Holdfast.open(args[0]);
    for (Killer killer : values()) {
      holdfast.handle(
          killer.type(),
          Integer.class,
          (payload, job) -> {
            killer.kill();
            return "survived";
          });
    }
    holdfast.handle(
        "bystander",
        Integer.class,
        (payload, job) -> {
          TimeUnit.MILLISECONDS.sleep(payload);
          return "done";
        });
    holdfast.start(NodeConfig.defaults().concurrency(4));
    TimeUnit.MINUTES.sleep(5);
  }
}
