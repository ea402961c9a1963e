package io.matriarch.daemon.wiring;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handlers of operating-system signals. The JDK's own interface for them is in an unsupported
 * package that every JDK still has, so it is reached by reflection; where it is missing, the caller
 * is told.
 */
public final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /**
     * Runs the task, on a thread of its own, each time the signal arrives.
     *
     * @param name without SIG
     * @return false if this runtime cannot do it
     */
    public static boolean handle(String name, Runnable task) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            InvocationHandler run =
                    (proxy, method, arguments) -> {
                        if (method.getDeclaringClass() == Object.class) {
                            return method.getName().equals("equals")
                                    ? (Object) (proxy == arguments[0])
                                    : method.getName().equals("hashCode")
                                            ? (Object) System.identityHashCode(proxy)
                                            : (Object) ("handler of SIG" + name);
                        }
                        Threads.named("signal-" + name).newThread(task).start();
                        return null;
                    };
            Object handler =
                    Proxy.newProxyInstance(
                            Signals.class.getClassLoader(), new Class<?>[] {handlerType}, run);
            Object signal = signalType.getConstructor(String.class).newInstance(name);
            signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
            return true;
        } catch (ReflectiveOperationException e) {
            LOG.warn("this Java runtime cannot handle SIG{}: {}", name, e.toString());
            return false;
        }
    }
}
