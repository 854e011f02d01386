package dev.holdfast.torture.server;

/** The database server of a run, as the nemesis sees it. Not thread-safe. */
public interface Server extends AutoCloseable {

  /** Returns the address of the store. */
  String address();

  /** Returns the address of the store without a proxy. */
  default String direct() {
    return address();
  }

  /**
   * Ends one session of Holdfast by {@code pg_terminate_backend}.
   *
   * @param draw any number; it chooses the session
   * @return false if there is none
   */
  boolean disconnectOne(int draw);

  /** Ends all sessions of Holdfast. @return false if there is none */
  boolean disconnectAll();

  /** Ends all server processes with SIGQUIT; returns when there is a server again. */
  void crash();

  /** Ends the postmaster with SIGKILL; returns when there is a server again. */
  void kill();

  /** Stops it. */
  @Override
  void close();
}
