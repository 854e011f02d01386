package dev.holdfast.postgres.driver;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Creates the sockets of connections that listen. After reading a notification, the driver waits a
 * millisecond for another one before it delivers the first; these sockets report at once that there
 * is none. The driver instantiates this class by name. Safe from any thread.
 */
public final class ListeningSocketFactory extends SocketFactory {
  /** The time-out that the driver sets when it only checks for more. */
  private static final int LOOK_MILLIS = 1;

  /** Creates a factory; called by the driver. */
  public ListeningSocketFactory() {}

  @Override
  public Socket createSocket() {
    return new ListeningSocket();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress own, int ownPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port), new InetSocketAddress(own, ownPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress own, int ownPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port), new InetSocketAddress(own, ownPort));
  }

  private static Socket connected(SocketAddress server, @Nullable SocketAddress own)
      throws IOException {
    Socket socket = new ListeningSocket();
    try {
      socket.bind(own);
      socket.connect(server);
      return socket;
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
  }

  private static final class ListeningSocket extends Socket {
    @Override
    public InputStream getInputStream() throws IOException {
      return new Input(super.getInputStream());
    }

    private final class Input extends FilterInputStream {
      private Input(InputStream in) {
        super(in);
      }

      @Override
      public int read() throws IOException {
        checkLook();
        return super.read();
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        checkLook();
        return super.read(bytes, from, length);
      }

      private void checkLook() throws IOException {
        if (getSoTimeout() == LOOK_MILLIS && available() == 0) {
          throw new SocketTimeoutException("nothing has come");
        }
      }
    }
  }
}
