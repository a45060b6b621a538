using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Modular.Kernel.Web.Limits;

/// <summary>Where a request comes from, as budgets count it; behind known proxies what they say.</summary>
public static class ClientAddress
{
    private const int NetworkBytes = 8;

    /// <summary>The IPv4 address, or the /64 of an IPv6 one: whoever has one of its addresses has all of them.</summary>
    public static string Of(HttpContext http) => Of(http.Connection.RemoteIpAddress);

    internal static string Of(IPAddress? address)
    {
        if (address is null)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4().ToString();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
