package dev.holdfast.postgres.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListeningSocketTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final int LOOK_MILLIS = 1;
  private static final int LOOKS = 300;

  private ServerSocket server;
  private Socket listening;
  private Socket speaking;

  @BeforeEach
  void connect() throws IOException {
    server = new ServerSocket(0, 1, HERE);
    listening = new ListeningSocketFactory().createSocket(HERE, server.getLocalPort());
    speaking = server.accept();
  }

  @AfterEach
  void close() throws IOException {
    listening.close();
    speaking.close();
    server.close();
  }

  /**
   * Takes the fastest of many checks: a socket that waits takes at least a millisecond for each.
   */
  @Test
  void says_of_a_look_at_once_that_nothing_is_there() throws IOException {
    listening.setSoTimeout(LOOK_MILLIS);
    InputStream input = listening.getInputStream();
    long fastest = Long.MAX_VALUE;

    for (int look = 0; look < LOOKS; look++) {
      long start = System.nanoTime();
      assertThat(finds(input)).isFalse();
      fastest = Math.min(fastest, System.nanoTime() - start);
    }

    assertThat(Duration.ofNanos(fastest)).isLessThan(Duration.ofMillis(LOOK_MILLIS));
  }

  private static boolean finds(InputStream input) throws IOException {
    try {
      return input.read(new byte[8]) > 0;
    } catch (SocketTimeoutException nothing) {
      return false;
    }
  }

  @Test
  void reads_what_is_there() throws IOException {
    InputStream input = listening.getInputStream();
    speaking.getOutputStream().write(new byte[] {7, 8});
    assertThat(input.read()).isEqualTo(7); // however long it takes to come

    listening.setSoTimeout(LOOK_MILLIS);

    assertThat(input.read()).isEqualTo(8);
    assertThat(finds(input)).isFalse();
  }

  @Test
  void waits_when_it_is_no_look() throws IOException {
    InputStream input = listening.getInputStream();
    CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> next(input));

    speaking.getOutputStream().write(9);

    assertThat(read.join()).isEqualTo(9);
    speaking.close();
    assertThat(input.read()).isEqualTo(-1);
  }

  private static int next(InputStream input) {
    try {
      return input.read();
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
