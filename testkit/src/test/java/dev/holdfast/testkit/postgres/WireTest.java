package dev.holdfast.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests of the proxy. The absence of an effect is shown by waiting a moment: slow machines do not
 * make that fail.
 */
class WireTest {
  private static final int MOMENT_MILLIS = 200;

  private ServerSocket server;
  private Wire wire;

  @BeforeEach
  void connect() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    wire = Wire.to(server.getLocalPort());
  }

  @AfterEach
  void disconnect() throws IOException {
    wire.close();
    server.close();
  }

  private Socket client() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), wire.port());
  }

  private static void send(Socket socket, int data) throws IOException {
    socket.getOutputStream().write(data);
  }

  private static int receive(Socket socket) throws IOException {
    return socket.getInputStream().read();
  }

  private static void assertNothingComes(Socket socket) throws IOException {
    socket.setSoTimeout(MOMENT_MILLIS);
    assertThatThrownBy(() -> receive(socket)).isInstanceOf(SocketTimeoutException.class);
    socket.setSoTimeout(0);
  }

  @Test
  void passes_data_and_the_end_in_both_directions() throws IOException {
    try (Socket near = client();
        Socket far = server.accept()) {
      send(near, 1);
      assertThat(receive(far)).isEqualTo(1);
      send(far, 2);
      assertThat(receive(near)).isEqualTo(2);

      near.close();
      assertThat(receive(far)).isEqualTo(-1);
    }
  }

  @Test
  void that_is_cut_breaks_both_ends_and_lets_new_connections_through() throws IOException {
    try (Socket near = client();
        Socket far = server.accept()) {
      send(near, 1);
      assertThat(receive(far)).isEqualTo(1);

      wire.cut();

      assertThatThrownBy(() -> receive(near)).isInstanceOf(SocketException.class);
      assertThatThrownBy(() -> receive(far)).isInstanceOf(SocketException.class);
    }
    try (Socket near = client();
        Socket far = server.accept()) {
      send(near, 1);
      assertThat(receive(far)).isEqualTo(1);
    }
  }

  @Test
  void that_refuses_breaks_new_connections_until_it_lets_through() throws IOException {
    wire.refuse();
    try (Socket near = client()) {
      assertThatThrownBy(() -> receive(near)).isInstanceOf(SocketException.class);
    }

    wire.letThrough();

    try (Socket near = client();
        Socket far = server.accept()) {
      send(near, 1);
      assertThat(receive(far)).isEqualTo(1);
    }
  }

  @Test
  void that_is_frozen_holds_everything_back_until_it_lets_through() throws IOException {
    try (Socket near = client();
        Socket far = server.accept()) {
      wire.freeze();
      send(near, 1);
      send(far, 2);
      assertNothingComes(near);
      assertNothingComes(far);

      wire.letThrough();

      assertThat(receive(far)).isEqualTo(1);
      assertThat(receive(near)).isEqualTo(2);
    }
  }

  @Test
  void that_is_frozen_shows_the_server_neither_a_new_client_nor_the_end_of_an_old_one()
      throws IOException {
    try (Socket near = client();
        Socket far = server.accept()) {
      wire.freeze();
      near.close();
      assertNothingComes(far);
      try (Socket later = client()) {
        server.setSoTimeout(MOMENT_MILLIS);
        assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
        server.setSoTimeout(0);

        wire.letThrough();

        assertThat(receive(far)).isEqualTo(-1);
        try (Socket newer = server.accept()) {
          send(later, 3);
          assertThat(receive(newer)).isEqualTo(3);
        }
      }
    }
  }

  @Test
  void that_is_frozen_can_be_cut() throws IOException {
    try (Socket near = client();
        Socket far = server.accept()) {
      wire.freeze();
      send(near, 1);

      wire.cut();

      assertThatThrownBy(() -> receive(near)).isInstanceOf(SocketException.class);
      assertThatThrownBy(() -> receive(far)).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void breaks_the_connection_of_a_client_when_there_is_no_server() throws IOException {
    server.close();

    try (Socket near = client()) {
      assertThat(receive(near)).isEqualTo(-1);
    }
  }
}
