package dev.holdfast.torture.server;

/** The database server under a run, as the nemesis sees it. To be used by one thread at a time. */
public interface Server extends AutoCloseable {

  /** Where the store is. */
  String address();

  /**
   * Ends one session of Holdfast's by {@code pg_terminate_backend}.
   *
   * @param draw any number; it chooses the session
   * @return false if there is none
   */
  boolean disconnectOne(int draw);

  /** Ends all sessions of Holdfast's. @return false if there is none */
  boolean disconnectAll();

  /** All server processes end at once by SIGQUIT; when it returns, there is a server again. */
  void crash();

  /** The postmaster ends by SIGKILL; when it returns, there is a server again. */
  void kill();

  /** Stops it. */
  @Override
  void close();
}
