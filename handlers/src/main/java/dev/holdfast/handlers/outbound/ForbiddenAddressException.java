package dev.holdfast.handlers.outbound;

import java.io.IOException;

/** Thrown when a host has an address that must not be called from here. Nothing was sent. */
public final class ForbiddenAddressException extends IOException {
  private static final long serialVersionUID = 1L;

  ForbiddenAddressException(String message) {
    super(message);
  }
}
