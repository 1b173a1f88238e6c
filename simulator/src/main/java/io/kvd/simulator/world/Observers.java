package io.kvd.simulator.world;

import io.kvd.core.client.Answer;
import io.kvd.core.client.Outcome;
import io.kvd.core.node.ApplyInput;
import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.LogBatch;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeInput;
import io.kvd.core.node.ReadBatch;
import io.kvd.core.node.RequestOrigin;
import io.kvd.core.raft.Message;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;

import java.util.ArrayList;
import java.util.List;

/** Several observers as one, told in the order in which they were added. */
final class Observers implements Observer {
    private final List<Observer> all = new ArrayList<>();

    void add(Observer observer) {
        all.add(observer);
    }

    @Override
    public void atDoor(Host host, Door door) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).atDoor(host, door);
        }
    }

    @Override
    public void started(NodeProcess process) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).started(process);
        }
    }

    @Override
    public void forged(NodeProcess process, Message message) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).forged(process, message);
        }
    }

    @Override
    public void ended(NodeProcess process) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).ended(process);
        }
    }

    @Override
    public void wentDown(Host host) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).wentDown(host);
        }
    }

    @Override
    public void wiped(Host host) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).wiped(host);
        }
    }

    @Override
    public void persisted(NodeProcess process, LogBatch batch) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).persisted(process, batch);
        }
    }

    @Override
    public void sending(NodeProcess process, Message message) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).sending(process, message);
        }
    }

    @Override
    public void received(NodeProcess process, Message message) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).received(process, message);
        }
    }

    @Override
    public void taken(NodeProcess process, ClientRequest request) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).taken(process, request);
        }
    }

    @Override
    public void replied(NodeProcess process, RequestOrigin to) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).replied(process, to);
        }
    }

    @Override
    public void serving(NodeProcess process, ReadBatch batch) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).serving(process, batch);
        }
    }

    @Override
    public void turned(NodeProcess process) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).turned(process);
        }
    }

    @Override
    public void handedOut(NodeProcess process, ApplyInput.ApplyBatch batch) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).handedOut(process, batch);
        }
    }

    @Override
    public void applied(NodeProcess process, NodeInput.Applied applied) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).applied(process, applied);
        }
    }

    @Override
    public void happened(NodeProcess process, NodeEvents.Event event) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).happened(process, event);
        }
    }

    @Override
    public void asked(ClientHost client, Request request) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).asked(client, request);
        }
    }

    @Override
    public void answered(ClientHost client, Request request, Reply reply) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).answered(client, request, reply);
        }
    }

    @Override
    public void invoked(ClientHost client, Operation operation) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).invoked(client, operation);
        }
    }

    @Override
    public void completed(ClientHost client, Operation operation, Outcome<Answer> outcome) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).completed(client, operation, outcome);
        }
    }
}
