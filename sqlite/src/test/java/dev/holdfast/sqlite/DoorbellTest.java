package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.NodeId;
import dev.holdfast.jdbc.host.NodeFiles;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.SystemTime;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoorbellTest {
  private static final SystemTime TIME = new SystemTime();

  @TempDir private Path folder;

  @Test
  void still_reaches_others_after_an_interrupted_thread_has_rung_it() throws Exception {
    NodeInfo here = node(1);
    NodeInfo there = node(2);
    NodeFiles othersNodes = new NodeFiles(folder, there, TIME);
    CountDownLatch heard = new CountDownLatch(1);
    try (Presence other = othersNodes.announce(there);
        Doorbell listening = new Doorbell(folder, Thread::new, othersNodes);
        Doorbell ringing = new Doorbell(folder, Thread::new, new NodeFiles(folder, here, TIME))) {
      ringing.ring(Set.of(Signal.WORK));
      Thread.currentThread().interrupt();
      ringing.ring(Set.of(Signal.WORK));
      assertThat(Thread.interrupted()).isTrue();
      listening.listen(signal -> heard.countDown());

      ringing.ring(Set.of(Signal.WORK));

      assertThat(heard.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static NodeInfo node(long process) {
    NodeId id = new NodeId(new UUID(process, process));
    return new NodeInfo(id, "n", "host", process, 1, "boot", "pid:[1]", "test");
  }
}
