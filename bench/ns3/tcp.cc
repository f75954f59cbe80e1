// The two workloads of `npm run bench:sim` in ns-3 (Debian's libns3-dev), for a comparison in one run.
//
//   bulk:       one TCP transfer, sender - router - receiver, 100 Mbit/s and 5 ms on each link
//   bottleneck: 100 senders (1 Gbit/s, 1 ms) - router - router (100 Mbit/s, 10 ms) - 100 receivers (1 Gbit/s, 1 ms)
//
// Prints one line of JSON. A packet is counted once, when the host that made it hands it to its link.
// Usage: tcp bulk|bottleneck SECONDS

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <chrono>
#include <iostream>

using namespace ns3;

static uint64_t packets = 0;

static void countPacket(Ptr<const Packet>) { packets++; }

static Ptr<Node> makeNode(InternetStackHelper &stack) {
    Ptr<Node> node = CreateObject<Node>();
    stack.Install(node);
    return node;
}

static Ipv4Address join(Ptr<Node> a, Ptr<Node> b, const char *rate, const char *delay, int subnet,
                        bool countA, bool countB, const char *queue) {
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue(rate));
    link.SetChannelAttribute("Delay", StringValue(delay));
    link.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue(queue));
    NetDeviceContainer devices = link.Install(a, b);
    if (countA) devices.Get(0)->TraceConnectWithoutContext("MacTx", MakeCallback(&countPacket));
    if (countB) devices.Get(1)->TraceConnectWithoutContext("MacTx", MakeCallback(&countPacket));
    std::string base = "10." + std::to_string(subnet / 256) + "." + std::to_string(subnet % 256) + ".0";
    Ipv4AddressHelper addresses(base.c_str(), "255.255.255.0");
    return addresses.Assign(devices).GetAddress(1);
}

static void transfer(Ptr<Node> from, Ptr<Node> to, Ipv4Address address, double start, double seconds) {
    PacketSinkHelper sink("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), 9));
    sink.Install(to).Start(Seconds(0));
    BulkSendHelper source("ns3::TcpSocketFactory", InetSocketAddress(address, 9));
    source.SetAttribute("SendSize", UintegerValue(1448));
    ApplicationContainer applications = source.Install(from);
    applications.Start(Seconds(start));
    applications.Stop(Seconds(seconds));
}

int main(int argc, char **argv) {
    if (argc != 3) {
        std::cerr << "usage: tcp bulk|bottleneck SECONDS" << std::endl;
        return 2;
    }
    const std::string workload = argv[1];
    const double seconds = std::stod(argv[2]);
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(1448));
    Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(256 * 1024));
    Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(256 * 1024));
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    if (workload == "bulk") {
        Ptr<Node> sender = makeNode(stack), router = makeNode(stack), receiver = makeNode(stack);
        join(sender, router, "100Mbps", "5ms", 0, true, false, "100p");
        Ipv4Address address = join(router, receiver, "100Mbps", "5ms", 1, false, true, "100p");
        transfer(sender, receiver, address, 0.001, seconds);
    } else {
        Ptr<Node> left = makeNode(stack), right = makeNode(stack);
        join(left, right, "100Mbps", "10ms", 0, false, false, "1000p");
        for (int i = 0; i < 100; i++) {
            Ptr<Node> sender = makeNode(stack), receiver = makeNode(stack);
            join(sender, left, "1Gbps", "1ms", 1 + i, true, false, "100p");
            Ipv4Address address = join(right, receiver, "1Gbps", "1ms", 101 + i, false, true, "100p");
            transfer(sender, receiver, address, 0.001 * (i + 1), seconds);
        }
    }
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    Simulator::Stop(Seconds(seconds));
    const auto startedAt = std::chrono::steady_clock::now();
    Simulator::Run();
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - startedAt;
    std::cout << "{\"packets\":" << packets << ",\"wallSeconds\":" << wall.count() << "}" << std::endl;
    Simulator::Destroy();
    return 0;
}
