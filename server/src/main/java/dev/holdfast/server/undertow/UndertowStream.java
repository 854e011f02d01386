package dev.holdfast.server.undertow;

import dev.holdfast.server.route.StreamSink;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;

/**
 * A stream on an exchange. Senders queue bytes; the connection's own thread writes them as the
 * reader accepts them.
 */
final class UndertowStream implements StreamSink {
  private static final int WAITING_BYTES_MAX = 4 << 20;

  private final HttpServerExchange exchange;
  private final StreamSinkChannel channel; // used by the connection's thread alone
  private @Nullable ByteBuffer underWay; // used by the connection's thread alone

  private final Deque<byte[]> waiting = new ArrayDeque<>(); // guarded by this, like all below
  private int waitingBytes;
  private boolean isEnding;
  private boolean isOver;

  UndertowStream(HttpServerExchange exchange, StreamSinkChannel channel) {
    this.exchange = exchange;
    this.channel = channel;
    channel.getWriteSetter().set(writable -> write());
  }

  @Override
  public boolean send(byte[] bytes) {
    synchronized (this) {
      if (isEnding || isOver || waitingBytes + bytes.length > WAITING_BYTES_MAX) {
        return false;
      }
      add(bytes);
    }
    exchange.getIoThread().execute(this::write);
    return true;
  }

  @Override
  public void end(byte[] last) {
    synchronized (this) {
      if (isEnding || isOver) {
        return;
      }
      waiting.clear();
      waitingBytes = 0;
      add(last);
      isEnding = true;
    }
    exchange.getIoThread().execute(this::write);
  }

  private void add(byte[] bytes) {
    waiting.add(bytes);
    waitingBytes += bytes.length;
  }

  @Override
  public synchronized boolean isEnded() {
    return isEnding || isOver;
  }

  private synchronized @Nullable ByteBuffer next() {
    byte[] bytes = waiting.poll();
    waitingBytes -= bytes == null ? 0 : bytes.length;
    return bytes == null ? null : ByteBuffer.wrap(bytes);
  }

  private synchronized boolean isDone() {
    return isEnding && waiting.isEmpty();
  }

  /** Writes until the reader accepts no more, or nothing is left; on the connection's thread. */
  private void write() {
    try {
      if (isOver()) {
        return;
      }
      for (ByteBuffer bytes = current(); bytes != null; bytes = current()) {
        if (channel.write(bytes) == 0) {
          channel.resumeWrites();
          return;
        }
      }
      boolean isDone = isDone();
      if (isDone) {
        channel.shutdownWrites();
      }
      if (!channel.flush()) {
        channel.resumeWrites();
        return;
      }
      channel.suspendWrites();
      if (isDone) {
        over();
      }
    } catch (IOException gone) {
      over();
      IoUtils.safeClose(exchange.getConnection());
      exchange.endExchange();
    }
  }

  private @Nullable ByteBuffer current() {
    if (underWay == null || !underWay.hasRemaining()) {
      underWay = next();
    }
    return underWay;
  }

  private synchronized boolean isOver() {
    return isOver;
  }

  /** Marks the stream as ended: nothing more can be sent. */
  synchronized void over() {
    isOver = true;
    waiting.clear();
    waitingBytes = 0;
  }
}
