// SPDX-License-Identifier: MIT
// Drives QEMU's edu device for eng/compare-mmiotrace: the part of its driver's work that needs no interrupt, then every online CPU at once at the
// same registers, in the order of hammer_device's first four instructions in src/Haltpoint.Ring0/MmioTrace/Hammer.S. Says how many accesses it made.
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/pci.h>

static int rounds = 100;
module_param(rounds, int, 0444);
MODULE_PARM_DESC(rounds, "of the hammer; 0 to measure what a read costs instead");

static void __iomem *registers;
static atomic_t waiting, working;

static int hammer(void *number)
{
	u64 cpu = (unsigned long)number;
	int i;

	atomic_dec(&waiting);
	while (atomic_read(&waiting))
		cpu_relax();
	for (i = 1; i <= rounds; i++) {
		writeq(cpu << 32 | i, registers + 0x80);
		readq(registers + 0x80);
		writel(0x1234, registers + 0x88);
		readl(registers + 0x88);
	}
	atomic_dec(&working);
	return 0;
}

static void work(void)
{
	u32 identity = readl(registers);
	u32 value;

	writel(0x12345678, registers + 4);
	value = readl(registers + 4);
	writel(10, registers + 8);
	msleep(200);
	pr_info("mmio_hammer: edu %x, %x, 10! = %u\n", identity, value, readl(registers + 8));
}

/* As TraceCost.cs does: the median of nine times the time of 200 reads, interrupts off. */
static void cost(void)
{
	u64 times[9], begin;
	unsigned long flags;
	int run, i, at;

	for (run = 0; run < 9; run++) {
		local_irq_save(flags);
		for (i = 0; i < 10; i++)
			readl(registers);
		begin = ktime_get_ns();
		for (i = 0; i < 200; i++)
			readl(registers);
		times[run] = ktime_get_ns() - begin;
		local_irq_restore(flags);
		for (at = run; at > 0 && times[at] < times[at - 1]; at--)
			swap(times[at], times[at - 1]);
	}
	pr_info("mmio_hammer: cost of a read: %llu ns\n", times[4] / 200);
}

static int __init start(void)
{
	struct pci_dev *device = pci_get_device(0x1234, 0x11e8, NULL);
	int cpu, cpus = 0;

	if (!device || pci_enable_device(device))
		return -ENODEV;
	registers = pci_iomap(device, 0, 0);
	if (!registers)
		return -ENOMEM;
	if (!rounds) {
		cost();
		goto out;
	}
	work();
	cpus_read_lock();
	for_each_online_cpu(cpu)
		cpus++;
	atomic_set(&waiting, cpus);
	atomic_set(&working, cpus);
	for_each_online_cpu(cpu) {
		struct task_struct *task = kthread_create_on_cpu(hammer, (void *)(unsigned long)cpu, cpu, "hammer/%u");

		if (IS_ERR(task))
			return PTR_ERR(task);
		wake_up_process(task);
	}
	cpus_read_unlock();
	while (atomic_read(&working))
		msleep(10);
	pr_info("mmio_hammer: %d CPUs made %d accesses\n", cpus, 4 * rounds * cpus);
out:
	iounmap(registers);
	pci_dev_put(device);
	return 0;
}

static void __exit end(void)
{
}

module_init(start);
module_exit(end);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("Known accesses to QEMU's edu device");
