package dev.holdfast.server.undertow;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioExecutor;

/**
 * Notices that the client of a request has closed its connection before the response. Undertow does
 * not read from a connection while its request is handled, so this looks for an end of the input,
 * several times a second. Used by the connection's own thread alone.
 *
 * <p>A client that closes only its sending side counts as gone, too: the two look the same.
 */
final class ClientWatch implements Runnable {
  private static final long LOOK_MILLIS = 100;

  private final HttpServerConnection connection;
  private final Runnable gone;
  private boolean isGone;
  private boolean isOver;
  private XnioExecutor.@Nullable Key next;

  private ClientWatch(HttpServerConnection connection, Runnable gone) {
    this.connection = connection;
    this.gone = gone;
  }

  /**
   * Watches until the exchange is complete.
   *
   * @param gone runs on the connection's thread when the client has gone, and then with each look,
   *     so it must not block
   */
  static void begin(HttpServerExchange exchange, Runnable gone) {
    if (exchange.getConnection() instanceof HttpServerConnection connection) {
      ClientWatch watch = new ClientWatch(connection, gone);
      exchange.addExchangeCompleteListener(
          (done, others) -> {
            watch.end();
            others.proceed();
          });
      watch.lookLater();
    }
  }

  private void lookLater() {
    next = connection.getIoThread().executeAfter(this, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void end() {
    isOver = true;
    if (next != null) {
      next.remove();
    }
  }

  @Override
  public void run() {
    if (isOver) {
      return;
    }
    if (!isGone && connection.getExtraBytes() != null) {
      return; // the next request has arrived: the client is there, and an end is behind it
    }
    isGone = isGone || isAtEnd();
    if (isGone) {
      gone.run();
    }
    lookLater();
  }

  /** Reads without blocking; the beginning of another request is kept for its turn. */
  private boolean isAtEnd() {
    PooledByteBuffer pooled = connection.getByteBufferPool().allocate();
    boolean isKept = false;
    try {
      ByteBuffer bytes = pooled.getBuffer();
      int read = connection.getOriginalSourceConduit().read(bytes);
      if (read > 0) {
        bytes.flip();
        connection.ungetRequestBytes(pooled);
        isKept = true;
      }
      return read < 0;
    } catch (IOException reset) {
      return true;
    } finally {
      if (!isKept) {
        pooled.close();
      }
    }
  }
}
