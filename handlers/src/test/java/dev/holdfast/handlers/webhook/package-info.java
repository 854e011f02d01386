@NullMarked
package dev.holdfast.handlers.webhook;

import org.jspecify.annotations.NullMarked;
