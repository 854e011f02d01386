@NullMarked
package dev.holdfast.handlers.http;

import org.jspecify.annotations.NullMarked;
