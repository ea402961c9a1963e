/** A DCS plug-in, begun. */
package com.example.matriarch.store;
