package dev.holdfast.server.undertow;

import static java.util.Objects.requireNonNull;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ConduitReadableByteChannel;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Checks chunked bodies before Undertow's parser reads them. The parser takes what is no digit in
 * the size of a chunk for nothing, so that {@code zz} ends a body and the next request begins in
 * the midst of it; and it closes the connection without a response at a size beyond 64 bits. Here
 * such a body ends where it is malformed, and so does the input of its connection.
 */
final class ChunkedBodies {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** Inputs refer to their connections, which would keep these here if they were not weak. */
  private final Map<StreamConnection, WeakReference<Input>> inputs =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** Lets the bodies on this connection be checked. */
  void prepare(StreamConnection connection) {
    Input input = new Input(connection.getSourceChannel().getConduit());
    inputs.put(connection, new WeakReference<>(input));
    connection.getSourceChannel().setConduit(input);
  }

  /**
   * Checks the body of this request, of which nothing was read, if it has one in chunks. After a
   * malformed one the connection is closed, even if nobody but the parser has read it.
   */
  void check(HttpServerExchange exchange) {
    boolean isChunked = !exchange.isRequestComplete() && exchange.getRequestContentLength() < 0;
    Input input = isChunked ? inputOf(exchange) : null;
    if (input == null) {
      return;
    }
    input.begin((HttpServerConnection) exchange.getConnection());
    exchange.addExchangeCompleteListener(
        (done, others) -> {
          if (isMalformed(done)) {
            IoUtils.safeClose(done.getConnection());
          }
          others.proceed();
        });
  }

  /** Returns whether the body of this request, as far as it was read, was malformed. */
  boolean isMalformed(HttpServerExchange exchange) {
    Input input = inputOf(exchange);
    return input != null && input.framing != null && input.framing.isMalformed();
  }

  private @Nullable Input inputOf(HttpServerExchange exchange) {
    return exchange.getConnection() instanceof HttpServerConnection connection
        ? requireNonNull(inputs.get(connection.getChannel()), "a prepared connection").get()
        : null;
  }

  /** The input of a connection. Used by one thread at a time, as are its requests. */
  private static final class Input extends AbstractStreamSourceConduit<StreamSourceConduit> {
    private @Nullable ChunkFraming framing; // of the body that is read, or was read last
    private ByteBuffer checked = NOTHING; // bytes for which there was no room yet

    private Input(StreamSourceConduit next) {
      super(next);
    }

    /** Takes the bytes that the parser has read behind the head, as they begin the body. */
    private void begin(HttpServerConnection connection) {
      ChunkFraming next = new ChunkFraming();
      framing = next;
      PooledByteBuffer early = connection.getExtraBytes();
      if (early != null) {
        connection.setExtraBytes(null);
        checked = next.check(early.getBuffer());
        early.close();
      }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      if (!isChecking()) {
        return super.read(target);
      }
      ChunkFraming own = requireNonNull(framing);
      while (!checked.hasRemaining()) {
        if (own.isMalformed()) {
          return -1;
        }
        ByteBuffer bytes = ByteBuffer.allocate(Math.max(1, target.remaining() - own.held()));
        int count = super.read(bytes);
        if (count <= 0) {
          return count;
        }
        checked = own.check(bytes.flip());
      }
      int count = Math.min(checked.remaining(), target.remaining());
      target.put(checked.slice().limit(count));
      checked.position(checked.position() + count);
      return count;
    }

    private boolean isChecking() {
      return checked.hasRemaining() || (framing != null && !framing.isOver());
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
      if (!isChecking()) {
        return super.read(targets, offset, length);
      }
      for (int i = offset; i < offset + length; i++) {
        if (targets[i].hasRemaining()) {
          return read(targets[i]);
        }
      }
      return 0;
    }

    @Override
    public long transferTo(long position, long count, FileChannel target) throws IOException {
      return isChecking()
          ? target.transferFrom(new ConduitReadableByteChannel(this), position, count)
          : super.transferTo(position, count, target);
    }

    @Override
    public long transferTo(long count, ByteBuffer through, StreamSinkChannel target)
        throws IOException {
      if (isChecking()) {
        throw new UnsupportedOperationException("bodies are not copied to other connections");
      }
      return super.transferTo(count, through, target);
    }
  }
}
