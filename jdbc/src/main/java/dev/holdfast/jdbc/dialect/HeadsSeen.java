package dev.holdfast.jdbc.dialect;

/** Receives the heads that a statement saw in the lanes that it read. */
public interface HeadsSeen {
  /** No job of this lane waits before this place. */
  void first(long lane, Place place);

  /** No job waits in this lane. */
  void none(long lane);
}
